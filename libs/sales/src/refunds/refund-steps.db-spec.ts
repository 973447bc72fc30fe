import type { DataSource } from 'typeorm';
import type { Database } from '#libs/database';
import { JobStore } from '#libs/journal';
import { MINUTE, newUuid, NotFound } from '#libs/kernel';
import { openAsOwner, openTestDatabase } from '../../../../test/support/database.js';
import { waiting, whileHeld } from '../../../../test/support/locks.js';
import { openShop, paymentFor, salesServices } from '../../../../test/support/shop.js';
import { ChargeRow, type OrderRow, RefundRow } from '../index.js';
import { RefundStore } from './refund.store.js';

let db: Database;
let source: DataSource;
const { checkout, payments, refunds, orders } = salesServices();

beforeAll(async () => ({ db, source } = await openTestDatabase()));
afterAll(async () => {
  // Resumes abandoned refunds, because the books of a suite are checked at its end.
  for (const promise of await db.inPlatform('a test', (tx) => refunds.dropped(tx, 1_000)))
    await db.inTenant(promise.tenantId, (tx) => refunds.keep(tx, promise, now));
  await source.destroy();
});

const now = new Date();
const later = (ms: number) => new Date(now.getTime() + ms);
let updateId = 9_000_000;

/** Requests the refund of a paid order. */
async function requested(by = 'acc_1') {
  const shop = await openShop(db);
  updateId += 1;
  const placing = { ...shop, updateId };
  const order: OrderRow = await shop.in(async (tx) => (await checkout.place(tx, placing, now)).order);
  await shop.in((tx) => payments.record(tx, paymentFor(order), now));
  const { id, chargeId } = await shop.in((tx) => refunds.request(tx, order.id, { reason: 'why', by }, now));
  const row = () => shop.in((tx) => tx.manager.findOneByOrFail(RefundRow, { tenantId: shop.tenantId, id }));
  const charge = () =>
    shop.in((tx) => tx.manager.findOneByOrFail(ChargeRow, { tenantId: shop.tenantId, id: chargeId }));
  const events = async () =>
    (
      await shop.in((tx) =>
        tx.query<{ type: string }>(`select type from events where type like 'refund.%' order by id`),
      )
    ).map(({ type }) => type.replace('refund.', ''));
  const steps = {
    pick: (at = now) => shop.in((tx) => refunds.pick(tx, id, at)),
    begin: () => shop.in((tx) => refunds.begin(tx, id, now)),
    postpone: (what: 'requested' | 'unknown' | 'refused', at = now) =>
      shop.in((tx) => refunds.postpone(tx, id, what, 'because', at)),
    succeed: () => shop.in((tx) => refunds.succeed(tx, id, now)),
    fail: () => shop.in((tx) => refunds.fail(tx, id, 'no', now)),
    notice: () => shop.in((tx) => refunds.notice(tx, id)),
  };
  return { shop, order, id, chargeId, row, charge, events, ...steps };
}
type Requested = Awaited<ReturnType<typeof requested>>;

it('a refund by its charge waits for the order before it locks the charge', async () => {
  const shop = await openShop(db);
  updateId += 1;
  const placing = { ...shop, updateId };
  const order: OrderRow = await shop.in(async (tx) => (await checkout.place(tx, placing, now)).order);
  await shop.in((tx) => payments.record(tx, paymentFor(order), now));
  const { id } = await shop.in((tx) =>
    tx.manager.findOneByOrFail(ChargeRow, { tenantId: shop.tenantId, orderId: order.id }),
  );
  const owner = await openAsOwner();
  const asked = await whileHeld(owner, ['select from orders where id = $1 for update', [order.id]], async (release) => {
    const asking = shop.in((tx) => refunds.requestByCharge(tx, id, { reason: null, by: 'acc_1' }, now));
    await waiting(owner, '%from orders o join charges c%');
    expect(await owner.query('select id from charges where id = $1 for update nowait', [id])).toEqual([{ id }]);
    await release();
    return asking;
  });
  await owner.destroy();
  expect(asked).toMatchObject({ chargeId: id, state: 'requested' });
});

it('the identity of an erased buyer is known to their workspace until it is deleted', async () => {
  const [shop, other] = [await openShop(db), await openShop(db)];
  const store = new RefundStore(new JobStore());
  const isKnown = (it = shop, buyerId = -7) => it.in((tx) => store.isPersonKnown(tx, buyerId));
  await shop.in((tx) =>
    tx.query(
      `insert into erasures (tenant_id, id, pseudonym, telegram_id_sealed, keep_until, requested_by)
       values ($1, $2, -7, 'sealed', $3, 'acc_1')`,
      [tx.tenantId, newUuid(), later(MINUTE)],
    ),
  );
  expect([await isKnown(), await isKnown(shop, -8), await isKnown(other), await isKnown(other, 7)]).toEqual([
    true,
    false,
    false,
    true,
  ]);
  await shop.in((tx) => tx.query('update erasures set telegram_id_sealed = null where tenant_id = $1', [tx.tenantId]));
  expect(await isKnown()).toBe(false);
});

/** Brings a refund into each state. */
const REACH = {
  requested: async () => undefined,
  sent: async (it: Requested) => void (await it.begin()),
  unknown: async (it: Requested) => {
    await it.begin();
    await it.postpone('unknown');
  },
  refunded: (it: Requested) => it.succeed(),
  failed: async (it: Requested) => {
    await it.begin();
    await it.fail();
  },
} as const;
type State = keyof typeof REACH;
const inState = async (state: State, by?: string) => {
  const it = await requested(by);
  await REACH[state](it);
  expect((await it.row()).state).toBe(state);
  return it;
};

describe('a step of a refund', () => {
  it.each<[State, string | undefined]>([
    ['requested', 'requested'],
    ['unknown', 'unknown'],
    ['sent', 'unknown'],
    ['refunded', undefined],
    ['failed', undefined],
  ])('picks a refund that is %s as %s', async (state, picked) => {
    const it = await inState(state);
    expect((await it.pick())?.refund.state).toBe(picked);
    expect((await it.row()).state).toBe(picked ?? state);
  });

  it.each<[State, boolean]>([
    ['requested', true],
    ['unknown', true],
    ['sent', false],
    ['refunded', false],
    ['failed', false],
  ])('makes the call for a refund that is %s: %j', async (state, begins) => {
    const it = await inState(state);
    expect(await it.begin()).toBe(begins);
    expect((await it.row()).state).toBe(begins ? 'sent' : state);
  });

  it.each(['refunded', 'failed'] as const)('changes nothing about a refund that is %s', async (state) => {
    const it = await inState(state, 'system');
    const [row, charge, events] = [await it.row(), await it.charge(), await it.events()];
    for (const what of ['requested', 'unknown', 'refused'] as const) await it.postpone(what, later(60 * MINUTE));
    await it.succeed();
    await it.fail();
    expect([await it.row(), await it.charge(), await it.events()]).toEqual([row, charge, events]);
  });

  it.each(['requested', 'unknown'] as const)(
    'does not fail a refund whose call is not in progress: %s',
    async (state) => {
      const it = await inState(state);
      await it.fail();
      expect((await it.row()).state).toBe(state);
      expect((await it.charge()).state).toBe('refund_pending');
    },
  );

  it('does nothing for an unknown refund or one of another workspace', async () => {
    const [it, other] = [await requested(), await requested()];
    for (const id of [newUuid(), other.id]) {
      await it.shop.in(async (tx) => {
        expect(await refunds.pick(tx, id, now)).toBeUndefined();
        expect(await refunds.begin(tx, id, now)).toBe(false);
        await refunds.postpone(tx, id, 'refused', 'because', now);
        await refunds.succeed(tx, id, now);
        await refunds.fail(tx, id, 'no', now);
        expect(await refunds.notice(tx, id)).toBeUndefined();
      });
    }
    expect(await other.events()).toEqual(['requested']);
  });
});

describe('a postponed refund', () => {
  it('is marked as delayed once, with the first time, when Telegram refuses a promised refund', async () => {
    const it = await inState('sent', 'system');
    await it.postpone('refused');
    await it.postpone('refused', later(MINUTE));
    expect(await it.row()).toMatchObject({ state: 'requested', failure: 'because', delayedSince: now });
    expect(await it.events()).toEqual(['requested', 'delayed']);
  });

  it('is marked as delayed for other causes from a quarter of an hour after its request', async () => {
    const it = await inState('sent');
    await it.postpone('unknown', later(15 * MINUTE - 1));
    expect(await it.row()).toMatchObject({ state: 'unknown', delayedSince: null });
    await it.postpone('unknown', later(15 * MINUTE));
    expect(await it.row()).toMatchObject({ state: 'unknown', delayedSince: later(15 * MINUTE) });
  });

  it('returns to the requested state when nothing was done', async () => {
    const it = await inState('sent');
    await it.postpone('requested');
    expect(await it.row()).toMatchObject({ state: 'requested', delayedSince: null });
  });
});

describe('the message to a buyer', () => {
  it.each([
    ['that the Stars are back', 'acc_1', 'refunded', { delayed: false }],
    ['nothing about a pending refund', 'system', 'requested', undefined],
    ['nothing about a refund that failed', 'system', 'failed', undefined],
  ] as const)('says %s', async (_what, by, state, notice) => {
    const it = await inState(state, by);
    const said = await it.notice();
    expect(said === undefined ? undefined : { delayed: said.delayed }).toEqual(notice);
  });

  it.each([
    ['system', true],
    ['acc_1', undefined],
  ])('reports the delay of a refund requested by %s: %j', async (by, delayed) => {
    const it = await inState('sent', by);
    await it.postpone('refused');
    expect((await it.notice())?.delayed).toBe(delayed);
  });

  it('is not sent to an erased buyer', async () => {
    const it = await inState('refunded');
    expect(await it.notice()).toMatchObject({ buyerId: it.shop.buyerId, stars: 50, productId: it.shop.productId });
    await it.shop.in(async (tx) => {
      await tx.query('update charges set buyer_id = -5 where id = $1', [it.chargeId]);
      expect(await refunds.notice(tx, it.id)).toBeUndefined();
      await tx.query('update charges set buyer_id = $2 where id = $1', [it.chargeId, it.shop.buyerId]);
    });
  });
});

describe('an abandoned promise of a refund', () => {
  const dropped = async ({ shop }: Requested) =>
    (await db.inPlatform('a test', (tx) => refunds.dropped(tx, 1_000))).filter(
      ({ tenantId }) => tenantId === shop.tenantId,
    );
  const keep = ({ shop, chargeId }: Requested) =>
    shop.in((tx) => refunds.keep(tx, { tenantId: shop.tenantId, chargeId, reason: 'why' }, now));

  it('is found and resumed once', async () => {
    const it = await inState('failed', 'system');
    expect(await dropped(it)).toEqual([{ tenantId: it.shop.tenantId, chargeId: it.chargeId, reason: 'why' }]);
    expect([await keep(it), await keep(it)]).toEqual([true, false]);
    expect(await dropped(it)).toEqual([]);
    expect((await it.charge()).state).toBe('refund_pending');
  });

  it.each([
    ['a refund that a creator requested', 'acc_1', 'failed'],
    ['a refund that is open', 'system', 'unknown'],
    ['a refund that was made', 'system', 'refunded'],
  ] as const)('is not %s', async (_what, by, state) => {
    const it = await inState(state, by);
    expect(await dropped(it)).toEqual([]);
  });

  it('is not found when the goods were delivered after all', async () => {
    const it = await inState('failed', 'system');
    await it.shop.in((tx) => orders.recordHandover(tx, it.order.id, { kind: 'delivered' }, now));
    expect(await dropped(it)).toEqual([]);
  });

  it('cannot be resumed for an unknown charge', async () => {
    const it = await inState('failed', 'system');
    const unknown = { tenantId: it.shop.tenantId, chargeId: newUuid(), reason: null };
    expect(await it.shop.in((tx) => refunds.keep(tx, unknown, now))).toBe(false);
    const other = await requested();
    await expect(
      other.shop.in((tx) => refunds.requestByCharge(tx, it.chargeId, { reason: null, by: 'acc_1' }, now)),
    ).rejects.toThrow(NotFound);
  });
});
