import { newUuid, NotFound } from '#libs/kernel';
import { ACCEPTED, RemovalWorks, WISH } from '../../../test/support/removals.js';
import { telegramId } from '../../../test/support/shop.js';
import { BotOwes } from './removal.js';

let works: RemovalWorks;

beforeAll(async () => {
  works = await RemovalWorks.open();
});
afterAll(() => works.close());
beforeEach(() => works.begin());
afterEach(() => works.telegram.setFaults({ rules: [] }));

describe('two bots of one workspace', () => {
  it('are removed independently, even if the same person has subscribed to both', async () => {
    const [other, person] = [await works.newBot(), telegramId()];
    const [mine, theirs] = [await works.subscribed(works.bot, person), await works.subscribed(other, person)];
    const unpaid = await works.ordered(other);
    await works.in((tx) => works.subscriptions.cancel(tx, theirs, 'creator', works.now));
    await works.refused(theirs);
    await works.ask(WISH);
    await works.step();
    expect([await works.requested(), await works.requested(other)]).toEqual([[mine], []]);
    await works.stopped(mine);
    expect(await works.step()).toEqual({ kind: 'done' });
    expect([await works.stateOf(), await works.stateOf(other)]).toEqual(['removed', 'active']);
    expect(await works.progress(other)).toBeUndefined();
    expect(await works.owner.query(`select state from orders where id = $1`, [unpaid.id])).toEqual([
      { state: 'placed' },
    ]);
    expect(await works.webhookOf(other)).not.toBe('');
    // The request for the first bot did not clear the failure of the second.
    const failures = await works.owner.query(`select wish_failure from subscriptions where id = $1`, [theirs]);
    expect(failures).toEqual([{ wish_failure: 'CHARGE_ID_INVALID' }]);
  });

  it('have separate obligations when their tokens are refused', async () => {
    const other = await works.newBot();
    await works.subscribed(other);
    await works.owner.query(`update bots set state = 'token_invalid' where tenant_id = $1`, [works.tenantId]);
    await expect(works.ask(WISH, other)).rejects.toThrow(BotOwes);
    expect(await works.progress(other)).toBeUndefined();
    await works.ask(WISH);
    expect([await works.stateOf(), await works.stateOf(other)]).toEqual(['removing', 'token_invalid']);
  });

  it('are both removed with their workspace, and a repeated request does not start over', async () => {
    const other = await works.newBot();
    const bad = await works.subscribed(other);
    expect(await works.removals.removeAll(works.tenantId, WISH)).toBe(false);
    await works.step(other);
    await works.refused(bad);
    await works.step(other);
    expect(await works.step()).toEqual({ kind: 'done' });
    for (const _ of [1, 2]) expect(await works.removals.removeAll(works.tenantId, WISH)).toBe(false);
    expect(await works.progress(other)).toMatchObject({ removal: { state: 'stuck' } });
    expect(await works.requested(other)).toEqual([]);
    expect(await works.removals.removeAll(works.tenantId, ACCEPTED)).toBe(false);
    await works.step(other);
    await works.refused(bad);
    expect(await works.removals.removeAll(works.tenantId, ACCEPTED)).toBe(false);
    expect(await works.step(other)).toEqual({ kind: 'done' });
    expect(await works.removals.removeAll(works.tenantId, ACCEPTED)).toBe(true);
    expect([await works.countEvents('bot.removing'), await works.countEvents('bot.removed')]).toEqual([2, 2]);
  });
});

it('another workspace can neither remove a bot nor advance its removal', async () => {
  const stranger = newUuid();
  await works.owner.query(`insert into tenants (id, name) values ($1, 'Another')`, [stranger]);
  await expect(works.removals.ask(stranger, works.bot.id, ACCEPTED)).rejects.toThrow(NotFound);
  await works.ask(WISH);
  expect(await works.removals.step(stranger, works.bot.id)).toEqual({ kind: 'done' });
  expect([await works.stateOf(), await works.countEvents('bot.removed')]).toEqual(['removing', 0]);
});
