import { HOUR, MINUTE } from '#libs/kernel';
import { eventually } from '../../../test/support/eventually.js';
import { waiting, whileHeld } from '../../../test/support/locks.js';
import { ACCEPTED, RemovalWorks, WISH } from '../../../test/support/removals.js';

let works: RemovalWorks;

beforeAll(async () => {
  works = await RemovalWorks.open();
});
afterAll(() => works.close());
beforeEach(() => works.begin());
afterEach(() => works.telegram.setFaults({ rules: [] }));

const counted = (kind: string, pending: number, failed: number) => ({ kind, pending, failed });

describe('a removal', () => {
  it('waits until Telegram has stopped each renewal and each buyer is told, then ends once', async () => {
    const [one, two] = [await works.subscribed(), await works.subscribed()];
    await works.ask(WISH);
    expect(await works.stateOf()).toBe('removing');
    expect(await works.step()).toMatchObject({ kind: 'wait' });
    expect(await works.requested()).toEqual([one, two].toSorted());
    await works.stopped(one);
    await works.stopped(two, false);
    expect(await works.step()).toMatchObject({ kind: 'wait' });
    expect((await works.progress())?.left).toEqual([counted('farewell', 1, 0)]);
    await works.stopped(two);
    expect(await works.webhookOf()).not.toBe('');

    // A worker that was considered dead takes the same step.
    expect(await Promise.all([works.step(), works.step()])).toEqual([{ kind: 'done' }, { kind: 'done' }]);
    expect(await works.stateOf()).toBe('removed');
    expect(await works.step()).toEqual({ kind: 'done' });
    expect([await works.countEvents('bot.removing'), await works.countEvents('bot.removed')]).toEqual([1, 1]);
    expect(await works.progress()).toMatchObject({ removal: { state: 'done' }, stopped: 2, left: [], failures: [] });
  });

  it('cancels unpaid orders, except one that may be paid at this moment', async () => {
    const [unpaid, paying] = [await works.ordered(), await works.ordered()];
    await works.owner.query(`update orders set state = 'approved', approved_at = now() where id = $1`, [paying.id]);
    await works.ask(WISH);
    expect(await works.step()).toMatchObject({ kind: 'wait' });
    const states = await works.owner.query<{ id: string; state: string }[]>(
      `select id, state from orders where bot_id = $1`,
      [works.bot.id],
    );
    expect(new Map(states.map(({ id, state }) => [id, state]))).toEqual(
      new Map([
        [unpaid.id, 'cancelled'],
        [paying.id, 'approved'],
      ]),
    );
    expect((await works.progress())?.left).toEqual([counted('payment', 1, 0)]);
  });

  it('cancels more orders than fit into one transaction', async () => {
    const { id } = await works.ordered();
    await works.owner.query(
      `insert into orders (tenant_id, id, bot_id, product_id, buyer_id, price_version, stars, expires_at, state)
       select tenant_id, gen_random_uuid(), bot_id, product_id, buyer_id, price_version, stars, expires_at, state
       from orders, generate_series(1, 249) where id = $1`,
      [id],
    );
    await works.ask(WISH);
    expect(await works.step()).toEqual({ kind: 'done' });
    const open = await works.owner.query(`select 1 from orders where bot_id = $1 and state <> 'cancelled'`, [
      works.bot.id,
    ]);
    expect(open).toEqual([]);
  });
});

describe('a renewal that cannot be stopped', () => {
  it('keeps the bot and its webhook, is reported once, and is retried when the removal is requested again', async () => {
    const [bad, good] = [await works.subscribed(), await works.subscribed()];
    await works.ask(WISH);
    await works.step();
    await works.refused(bad);
    await works.stopped(good);
    for (const _ of [1, 2]) expect(await works.step()).toMatchObject({ kind: 'wait', afterMs: 10 * MINUTE });
    expect(await works.progress()).toMatchObject({
      removal: { state: 'stuck' },
      stopped: 1,
      left: [counted('renewal', 0, 1)],
      failures: [{ kind: 'renewal', id: bad, failure: 'CHARGE_ID_INVALID' }],
    });
    expect([await works.countEvents('bot.removal_stuck'), await works.countEvents('bot.removed')]).toEqual([1, 0]);
    expect([await works.stateOf(), await works.requested()]).toEqual(['removing', []]);
    expect(await works.webhookOf()).not.toBe('');

    await works.ask(WISH);
    expect(await works.progress()).toMatchObject({ removal: { state: 'running', acknowledgedAt: null }, failures: [] });
    await works.step();
    expect(await works.requested()).toEqual([bad]);
    await works.stopped(bad);
    expect(await works.step()).toEqual({ kind: 'done' });
    expect([await works.countEvents('bot.removing'), await works.countEvents('bot.removal_stuck')]).toEqual([1, 1]);
  });

  it('is left behind when the creator accepts it, and stays listed', async () => {
    const bad = await works.subscribed();
    await works.ask(WISH);
    await works.step();
    await works.refused(bad);
    await works.step();
    await works.ask(ACCEPTED);
    // The accepted renewal is tried once more first.
    expect(await works.step()).toMatchObject({ kind: 'wait' });
    await works.refused(bad);
    expect(await works.step()).toEqual({ kind: 'done' });
    const left = [{ kind: 'renewal', id: bad, failure: 'CHARGE_ID_INVALID' }];
    expect(await works.progress()).toMatchObject({ removal: { state: 'done' }, left: [], failures: left });
    const facts = { id: works.bot.id, state: 'removed' } as const;
    expect(await works.in((tx) => works.removals.left(tx, facts, 10))).toEqual(left);
  });

  it('delays the removal without limit while it may still be stopped; other work delays it for an hour', async () => {
    await works.subscribed();
    await works.updateCame();
    await works.ask(ACCEPTED);
    const asked = works.now.getTime();
    works.now = new Date(asked + 100 * HOUR);
    expect(await works.step()).toMatchObject({ kind: 'wait' });
    await works.owner.query(`update subscriptions set locked = true, wish = null where bot_id = $1`, [works.bot.id]);
    works.now = new Date(asked + HOUR - 1);
    expect(await works.step()).toMatchObject({ kind: 'wait' });
    works.now = new Date(asked + HOUR);
    expect(await works.step()).toEqual({ kind: 'done' });
    const failure = 'The removal no longer waited for it.';
    expect((await works.progress())?.failures).toEqual([{ kind: 'update', id: '7', failure }]);
    await works.updateHandled();
  });
});

describe('an interrupted removal', () => {
  it('keeps the token when Telegram fails, and ends at the next step', async () => {
    await works.ask(WISH);
    const fault = { at: 'call', action: 'error500', name: 'deleteWebhook', botId: works.bot.telegramId } as const;
    await works.telegram.setFaults({ rules: [fault] });
    await expect(works.step()).rejects.toThrow();
    expect([await works.stateOf(), await works.countEvents('bot.removed')]).toEqual(['removing', 0]);
    await works.telegram.setFaults({ rules: [] });
    expect(await works.step()).toEqual({ kind: 'done' });
    expect(await works.webhookOf()).toBe('');
  });

  it('continues after Telegram deleted the webhook but the database was not updated', async () => {
    await works.ask(WISH);
    await fetch(`${works.simulator.url}/bot${works.bot.token}/deleteWebhook`);
    expect(await works.step()).toEqual({ kind: 'done' });
    expect(await works.stateOf()).toBe('removed');
  });

  it('waits for a concurrent request', async () => {
    await works.ask(WISH);
    const lock = ['select 1 from bot_removals where bot_id = $1 for update', [works.bot.id]] as const;
    const ending = await whileHeld(works.owner, lock, async () => {
      const step = works.step();
      await waiting(works.owner, '%from bot_removals%for update%');
      return { step };
    });
    expect(await ending.step).toEqual({ kind: 'done' });
  });

  it('does not end before an update that arrived while the webhook was deleted', async () => {
    await works.ask(WISH);
    const slow = {
      at: 'call',
      action: 'delay',
      seconds: 1,
      name: 'deleteWebhook',
      botId: works.bot.telegramId,
    } as const;
    await works.telegram.setFaults({ rules: [slow] });
    const ending = works.step();
    await eventually('the call', async () => (await works.telegram.faults())[0]?.struck === 1);
    await works.updateCame();
    expect(await ending).toMatchObject({ kind: 'wait' });
    expect(await works.stateOf()).toBe('removing');
    await works.updateHandled();
    expect(await works.step()).toEqual({ kind: 'done' });
  });
});
