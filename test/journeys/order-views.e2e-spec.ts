import { newUuid, parseId, publicId } from '#libs/kernel';
import { Creator, type Starwall, startStarwall } from '../support/starwall.js';

let starwall: Starwall;
let owner: Creator;
let support: Creator;
let viewer: Creator;
beforeAll(async () => {
  starwall = await startStarwall();
  owner = await Creator.signUp(starwall);
  [support, viewer] = await Promise.all([owner.invites('support'), owner.invites('viewer')]);
});
afterAll(() => starwall.stop());

const namesFor = async (who: Creator): Promise<string[]> =>
  (await who.get('/v1/order-views').expect(200)).body.data.map(({ name }: { name: string }) => name);
const save = async (who: Creator, name: string, shared: boolean, filters: object = {}) =>
  (await who.post('/v1/order-views', { name, shared, filters }).expect(201)).body;

describe('a saved view of orders', () => {
  it('is visible only to its member until they share it', async () => {
    const view = await save(viewer, 'Late', false, { delivery_state: 'failed', from: '2026-01-01' });
    expect(view).toMatchObject({
      shared: false,
      mine: true,
      filters: { delivery_state: 'failed', from: '2026-01-01' },
    });
    expect([await namesFor(owner), await namesFor(viewer)]).toEqual([[], ['Late']]);
    await viewer.patch(`/v1/order-views/${view.id}`, { shared: true }).expect(200);
    const { data } = (await owner.get('/v1/order-views').expect(200)).body;
    expect(data).toMatchObject([{ id: view.id, shared: true, mine: false, removable: true }]);
    await viewer.patch(`/v1/order-views/${view.id}`, { shared: false }).expect(200);
    expect(await namesFor(owner)).toEqual([]);
  });

  it('is replaced when the same member saves another one under its name', async () => {
    const [first, again] = [
      await save(owner, 'Mine', false),
      await save(owner, 'Mine', true, { payment_state: 'paid' }),
    ];
    expect(again).toMatchObject({ id: first.id, shared: true, filters: { payment_state: 'paid' } });
    expect((await save(viewer, 'Mine', false)).id).not.toBe(first.id);
  });

  it('can be removed by its member, and a shared one also by owners and admins', async () => {
    const [hidden, shared] = [await save(support, 'Hidden', false), await save(support, 'Shared', true)];
    const path = (view: { id: string }) => `/v1/order-views/${view.id}`;
    expect((await viewer.delete(path(shared)).expect(403)).body.code).toBe('view_not_yours');
    expect((await owner.patch(path(shared), { shared: false }).expect(403)).body.code).toBe('view_not_yours');
    await viewer.delete(path(hidden)).expect(404);
    await owner.delete(path(hidden)).expect(404);
    await owner.delete(path(shared)).expect(204);
    await support.delete(path(hidden)).expect(204);
    await support.delete(path(hidden)).expect(404);
    const { data } = (await owner.get('/v1/audit-entries?action=order_views_remove').expect(200)).body;
    expect(data.length).toBeGreaterThanOrEqual(2);
  });

  it('is not found by another workspace', async () => {
    const stranger = await Creator.signUp(starwall);
    const view = await save(owner, 'Ours', true);
    expect(await namesFor(stranger)).toEqual([]);
    await stranger.patch(`/v1/order-views/${view.id}`, { shared: false }).expect(404);
    await stranger.delete(`/v1/order-views/${view.id}`).expect(404);
    await stranger.delete(`/v1/order-views/${publicId('orderView', newUuid())}`).expect(404);
  });

  it('accepts only the filters of the list, up to twenty views per member', async () => {
    for (const filters of [{ color: 'red' }, { payment_state: 'lost' }, { bot_id: 'bot_1' }, { from: 'today' }])
      await owner.post('/v1/order-views', { name: 'Wrong', filters }).expect(400);
    const member = await owner.invites('viewer');
    for (let n = 0; n < 20; n += 1) await save(member, `View ${n}`, false);
    const refused = await member.post('/v1/order-views', { name: 'One more', filters: {} }).expect(409);
    expect(refused.body.code).toBe('too_many_views');
    await save(member, 'View 7', false, { payment_state: 'paid' });
  });

  it('is refused beyond twenty, even if several are saved at once', async () => {
    const member = await owner.invites('viewer');
    for (let n = 0; n < 18; n += 1) await save(member, `View ${n}`, false);
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, n) => member.post('/v1/order-views', { name: `Late ${n}`, filters: {} })),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 201, 409, 409, 409, 409]);
  });

  it('is deleted with its member unless it was shared', async () => {
    const leaver = await owner.invites('support');
    await save(leaver, 'Left behind', true);
    await save(leaver, 'Gone', false);
    const { id } = (await leaver.get('/v1/me').expect(200)).body;
    await owner.delete(`/v1/members/${id}`).expect(204);
    expect(await namesFor(owner)).toContain('Left behind');
  });
});

describe('a saved view of buyers', () => {
  it('is separate from a view of orders with the same name, and follows the same rules', async () => {
    const both = await Creator.signUp(starwall);
    const colleague = await both.invites('viewer');
    const bot = await both.registerBot();
    const filters = { search: 'mira', bot_id: bot.id };
    const order = await save(both, 'Mira', true);
    const { body: view } = await both.post('/v1/buyer-views', { name: 'Mira', shared: true, filters }).expect(201);
    expect(view).toMatchObject({ object: 'buyer_view', filters, mine: true, removable: true });
    expect((await colleague.get('/v1/buyer-views').expect(200)).body.data).toMatchObject([
      { id: view.id, mine: false },
    ]);
    expect(await namesFor(both)).toEqual(['Mira']);
    const raw = (id: string) => parseId('buyerView', id) ?? parseId('orderView', id) ?? '';
    await both.delete(`/v1/buyer-views/${publicId('buyerView', raw(order.id))}`).expect(404);
    await both.delete(`/v1/order-views/${publicId('orderView', raw(view.id))}`).expect(404);
    expect((await colleague.delete(`/v1/buyer-views/${view.id}`).expect(403)).body.code).toBe('view_not_yours');
    await both.post('/v1/buyer-views', { name: 'Wrong', filters: { payment_state: 'paid' } }).expect(400);
    await both.delete(`/v1/buyer-views/${view.id}`).expect(204);
  });
});
