import { newUuid, publicId } from '#libs/kernel';
import { Staff } from '../support/staff.js';
import { Buyer, Creator, type Starwall, startStarwall } from '../support/starwall.js';

let starwall: Starwall;
let admin: Staff;
let viewer: Staff;

beforeAll(async () => {
  starwall = await startStarwall();
  [admin, viewer] = [await Staff.with('admin', starwall), await Staff.with('viewer', starwall)];
});
afterAll(() => starwall.stop());

const tenantOf = (creator: Creator) => String((creator.session as { tenant?: { id?: string } }).tenant?.id);
const put = (staff: Staff, path: string, body: object) =>
  starwall.http().put(path).set('authorization', staff.bearer).send(body);
const reason = 'As agreed.';

describe('the plan of a workspace', () => {
  it('is changed by staff with a reason that the workspace can read in its audit log', async () => {
    const creator = await Creator.signUp(starwall);
    const path = `/v1/staff/tenants/${tenantOf(creator)}`;
    const { body: plans } = await viewer.get('/v1/staff/plans').expect(200);
    expect(plans.data.map((plan: { id: string }) => plan.id)).toEqual(['free', 'creator', 'business']);
    await put(viewer, `${path}/plan`, { plan: 'creator', reason }).expect(403);
    await put(admin, `${path}/plan`, { plan: 'creator' }).expect(400);
    expect((await put(admin, `${path}/plan`, { plan: 'gold', reason }).expect(422)).body.code).toBe('unknown_plan');
    await put(admin, `${path}/plan`, { plan: 'creator', reason }).expect(200);
    await put(admin, `${path}/limits/bots`, { value: 1, reason: 'A trial.' }).expect(200);
    const { body } = await viewer.get(`${path}/usage`).expect(200);
    expect(body).toMatchObject({
      plan: { id: 'creator' },
      overrides: [{ name: 'bots', value: 1, reason: 'A trial.' }],
    });
    expect((await creator.get('/v1/usage').expect(200)).body.plan.id).toBe('creator');
    await creator.get('/v1/bots').expect('RateLimit-Limit', '600');
    await creator.registerBot();
    const refused = await creator.post('/v1/bots', {
      token: (await starwall.telegram.createBot({ username: `b${newUuid().slice(-12)}_bot`, name: 'B' })).token,
    });
    expect(refused.body.code).toBe('quota_exhausted');
    const { body: log } = await creator.get('/v1/audit-entries').expect(200);
    expect(log.data.map((entry: { reason: string | null }) => entry.reason)).toEqual(
      expect.arrayContaining([reason, 'A trial.']),
    );
    await put(admin, `${path}/limits/bots`, { value: null, reason }).expect(200);
    expect((await viewer.get(`${path}/usage`).expect(200)).body.overrides).toEqual([]);
  });

  it('is not found when the workspace does not exist', async () => {
    const path = `/v1/staff/tenants/${publicId('tenant', newUuid())}`;
    await put(admin, `${path}/plan`, { plan: 'creator', reason }).expect(404);
    await put(admin, `${path}/limits/bots`, { value: 1, reason }).expect(404);
    await admin.get(`${path}/usage`).expect(404);
    await admin.get(`${path}/export`).expect(404);
    await admin.post(`${path}/close`, { reason }).expect(404);
  });
});

describe('the rights of data subjects', () => {
  it('are exercised by admins: export, erasure, closing and its cancellation', async () => {
    const creator = await Creator.signUp(starwall);
    const bot = await creator.registerBot();
    const buyer = await Buyer.meets(starwall, bot.telegramId);
    await buyer.says('/shop');
    await buyer.hears(/Nothing is sold/);
    const path = `/v1/staff/tenants/${tenantOf(creator)}`;
    for (const [method, where] of [
      ['get', 'export'],
      ['post', 'close'],
      ['post', `buyers/${buyer.id}/erase`],
    ] as const) {
      await viewer[method](`${path}/${where}`, method === 'post' ? { reason } : (undefined as never)).expect(403);
    }
    await admin.get(`${path}/export`).expect(200).expect('content-type', 'application/zip');
    const { body: erasure } = await admin.post(`${path}/buyers/${buyer.id}/erase`, { reason }).expect(200);
    expect(erasure.buyer_telegram_id).toBeLessThan(0);
    const { body: closure } = await admin.post(`${path}/close`, { reason }).expect(200);
    expect(closure).toMatchObject({ state: 'pending', requested_by: admin.id, reason });
    expect((await creator.get('/v1/workspace/closure').expect(200)).body.id).toBe(closure.id);
    const shown = async () => (await viewer.get(path).expect(200)).body.closure;
    expect(await shown()).toEqual(closure);
    await admin.post(`${path}/close/cancel`, { reason }).expect(200);
    expect(await shown()).toBeNull();
    const { body: log } = await creator.get('/v1/audit-entries').expect(200);
    expect(JSON.stringify(log)).toContain(reason);
    expect(JSON.stringify(log)).not.toContain(String(buyer.id));
  });
});
