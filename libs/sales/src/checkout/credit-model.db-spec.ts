import { fc } from '../../../../test/support/properties.js';
import type { DataSource } from 'typeorm';
import type { Database } from '#libs/database';
import { DAY, HOUR, MINUTE, newUuid, parseId } from '#libs/kernel';
import { InsufficientCredits, ReservationEnded } from '#libs/ledger';
import { openTestDatabase } from '../../../../test/support/database.js';
import { openShop, paymentFor, salesServices, type Shop } from '../../../../test/support/shop.js';

// The model represents each credit as a coin, without balances, sums or entries.
type Fate = 'free' | 'held' | 'spent' | 'expired' | 'taken';
interface Coin {
  readonly lot: number;
  readonly expiresAt: number;
  fate: Fate;
  heldBy?: number;
}
interface Pack {
  readonly orderId?: string;
  refund?: { id: string; open: boolean };
  takenBack: boolean;
}
interface Held {
  readonly id: string;
  readonly expiresAt: number;
  readonly amount: number;
  state: 'open' | 'committed' | 'released' | 'expired';
}

class Purse {
  // An hour ahead of the database's clock, so that no job of this tenant becomes due.
  now = Date.now() + HOUR;
  readonly coins: Coin[] = [];
  readonly packs: Pack[] = [];
  readonly holds: Held[] = [];

  count = (fate: Fate, lot?: number) =>
    this.coins.filter((coin) => coin.fate === fate && (lot === undefined || coin.lot === lot)).length;

  pass(ms: number): void {
    this.now += ms;
    this.holds.forEach((hold, i) => {
      if (hold.state !== 'open' || hold.expiresAt > this.now) return;
      hold.state = 'expired';
      this.letGo(i);
    });
    for (const coin of this.coins) if (coin.fate === 'free' && coin.expiresAt <= this.now) coin.fate = 'expired';
  }

  add(amount: number, expiresAt: number, pack: Omit<Pack, 'takenBack'> = {}): void {
    const lot = this.packs.push({ ...pack, takenBack: false }) - 1;
    for (let i = 0; i < amount; i += 1) this.coins.push({ lot, expiresAt, fate: 'free' });
  }

  private first(amount: number): Coin[] {
    const free = this.coins.filter((coin) => coin.fate === 'free');
    return free.toSorted((a, b) => Math.sign(a.expiresAt - b.expiresAt || 0) || a.lot - b.lot).slice(0, amount);
  }

  spend(amount: number): void {
    for (const coin of this.first(amount)) coin.fate = 'spent';
  }

  hold(amount: number, hold: Held): void {
    const heldBy = this.holds.push(hold) - 1;
    for (const coin of this.first(amount)) Object.assign(coin, { fate: 'held', heldBy });
  }

  private heldBy(i: number): Coin[] {
    const held = this.coins.filter((coin) => coin.fate === 'held' && coin.heldBy === i);
    return held.toSorted((a, b) => Math.sign(a.expiresAt - b.expiresAt || 0) || a.lot - b.lot);
  }

  commit(i: number, amount: number): void {
    for (const coin of this.heldBy(i).slice(0, amount)) coin.fate = 'spent';
    this.letGo(i);
  }

  letGo(i: number): void {
    for (const coin of this.heldBy(i)) {
      if (this.packs[coin.lot]?.takenBack === true) coin.fate = 'taken';
      else coin.fate = coin.expiresAt <= this.now ? 'expired' : 'free';
    }
  }

  takeBack(lot: number): void {
    for (const coin of this.coins) if (coin.lot === lot && coin.fate === 'free') coin.fate = 'taken';
  }

  giveBack(lot: number): void {
    for (const coin of this.coins) {
      if (coin.lot === lot && coin.fate === 'taken') coin.fate = coin.expiresAt <= this.now ? 'expired' : 'free';
    }
  }
}

let db: Database;
let source: DataSource;
const { checkout, payments, refunds, orders, credits, creditReader, products } = salesServices();

beforeAll(async () => ({ db, source } = await openTestDatabase()));
afterAll(() => source.destroy());

interface Real {
  readonly shop: Shop;
  /** 5 credits for 2 days, and 3 without expiry. */
  readonly packs: ReadonlyArray<{ readonly productId: string; readonly amount: number; readonly days: number | null }>;
}

type Command = fc.AsyncCommand<Purse, Real>;
const UNIT = 'scan';
let updateId = 0;

/** Creates a command that checks after its run that the purse and the books agree. */
const command = (
  name: string,
  run: (purse: Purse, real: Real, now: Date) => Promise<void>,
  check: (purse: Purse) => boolean = () => true,
): Command => ({
  check,
  toString: () => name,
  run: async (purse, real) => {
    // Each command has its own time, so that lots are ordered.
    purse.pass(1);
    await run(purse, real, new Date(purse.now));
    await agree(purse, real);
  },
});

async function agree(purse: Purse, { shop }: Real): Promise<void> {
  const all = await shop.in((tx) => creditReader.balances(tx, shop.buyerId, new Date(purse.now)));
  const [free, held] = [purse.count('free'), purse.count('held')];
  const seen = all.find((each) => each.unit === UNIT) ?? { balance: 0, reserved: 0, lots: [] };
  expect({ balance: seen.balance, reserved: seen.reserved }).toEqual({ balance: free + held, reserved: held });
  const lots = purse.packs
    .map((_, lot) => ({
      remaining: purse.count('free', lot) + purse.count('held', lot),
      reserved: purse.count('held', lot),
    }))
    .filter(({ remaining }) => remaining > 0);
  const key = (lot: { remaining: number; reserved: number }) => `${lot.remaining}/${lot.reserved}`;
  expect(seen.lots.map(key).toSorted()).toEqual(lots.map(key).toSorted());
  // The stored state is correct, except for expiries that have not been recorded yet.
  const settled = await shop.in((tx) =>
    tx.query('select balance, reserved from credit_accounts where coalesce(lapses_at > $1, true)', [
      new Date(purse.now),
    ]),
  );
  expect(settled).toEqual(settled.map(() => ({ balance: free + held, reserved: held })));
}

const creditsFor = (shop: Shop, amount: number) => ({ buyerId: shop.buyerId, unit: UNIT, amount, reason: null });
const pick = (list: readonly unknown[], n: number) => n % Math.max(1, list.length);

const grant = (amount: number, ttl: number | null) =>
  command(`grant ${amount} for ${ttl} ms`, async (purse, { shop }, now) => {
    const expiresAt = ttl === null ? null : new Date(now.getTime() + ttl);
    await shop.in((tx) => credits.grant(tx, { ...creditsFor(shop, amount), expiresAt }, newUuid(), now));
    purse.add(amount, expiresAt?.getTime() ?? Infinity);
  });

const buy = (n: number) =>
  command(`buy pack ${n}`, async (purse, { shop, packs }, now) => {
    const pack = packs[n];
    if (pack === undefined) throw new Error('no such pack');
    updateId += 1;
    const placing = { ...shop, productId: pack.productId, updateId };
    const { order } = await shop.in((tx) => checkout.place(tx, placing, now));
    const payment = paymentFor(order);
    await shop.in((tx) => payments.record(tx, payment, now));
    await shop.in((tx) => payments.record(tx, payment, now));
    purse.add(pack.amount, pack.days === null ? Infinity : purse.now + pack.days * DAY, { orderId: order.id });
  });

const debit = (amount: number) =>
  command(`debit ${amount}`, async (purse, { shop }, now) => {
    const key = newUuid();
    const ask = () => shop.in((tx) => credits.debit(tx, creditsFor(shop, amount), key, now));
    if (purse.count('free') < amount) {
      await expect(ask()).rejects.toThrow(InsufficientCredits);
      return;
    }
    expect(await ask()).toEqual(await ask());
    purse.spend(amount);
  });

const reserve = (amount: number, holdMs: number) =>
  command(`reserve ${amount} for ${holdMs} ms`, async (purse, { shop }, now) => {
    const ask = () => shop.in((tx) => credits.reserve(tx, { ...creditsFor(shop, amount), holdMs }, newUuid(), now));
    if (purse.count('free') < amount) {
      await expect(ask()).rejects.toThrow(InsufficientCredits);
      return;
    }
    const id = String(parseId('creditReservation', (await ask()).id));
    purse.hold(amount, { id, amount, expiresAt: purse.now + holdMs, state: 'open' });
  });

const commit = (n: number, part: number) =>
  command(
    `commit ${n} by ${part}`,
    async (purse, { shop }, now) => {
      const i = pick(purse.holds, n);
      const hold = purse.holds[i];
      if (hold === undefined) return;
      const amount = Math.min(part, hold.amount);
      const ask = () => shop.in((tx) => credits.commit(tx, hold.id, amount, newUuid(), now));
      if (hold.state !== 'open' && hold.state !== 'committed') {
        await expect(ask()).rejects.toThrow(ReservationEnded);
        return;
      }
      const before = hold.state;
      const answer = await ask().catch((error: unknown) => error);
      if (before === 'committed') return;
      expect(answer).toMatchObject({ state: 'committed', committed: amount });
      hold.state = 'committed';
      purse.commit(i, amount);
    },
    (purse) => purse.holds.length > 0,
  );

const release = (n: number) =>
  command(
    `release ${n}`,
    async (purse, { shop }, now) => {
      const i = pick(purse.holds, n);
      const hold = purse.holds[i];
      if (hold === undefined) return;
      const ask = () => shop.in((tx) => credits.release(tx, hold.id, newUuid(), now));
      if (hold.state === 'committed') {
        await expect(ask()).rejects.toThrow(ReservationEnded);
        return;
      }
      const state = hold.state === 'expired' ? 'expired' : 'released';
      expect(await ask()).toMatchObject({ state });
      expect(await ask()).toMatchObject({ state });
      if (hold.state !== 'open') return;
      hold.state = 'released';
      purse.letGo(i);
    },
    (purse) => purse.holds.length > 0,
  );

const bought = (purse: Purse) =>
  purse.packs.flatMap((pack, lot) => (pack.orderId === undefined ? [] : [{ pack, lot }]));

const askRefund = (n: number) =>
  command(
    `ask for refund ${n}`,
    async (purse, { shop }, now) => {
      const all = bought(purse).filter(({ pack }) => pack.refund === undefined);
      const found = all[pick(all, n)];
      if (found?.pack.orderId === undefined) return;
      const { pack, lot } = found;
      const { orderId = '' } = pack;
      const [spent, expired, held] = [purse.count('spent', lot), purse.count('expired', lot), purse.count('held', lot)];
      const left = purse.count('free', lot);
      const refund = await shop.in((tx) => refunds.request(tx, orderId, { reason: null, by: 'test' }, now));
      expect(refund.credits).toMatchObject({ clawedBack: left, alreadySpent: spent, expired, reserved: held });
      pack.refund = { id: refund.id, open: true };
      pack.takenBack = true;
      purse.takeBack(lot);
    },
    (purse) => bought(purse).length > 0,
  );

const endRefund = (n: number, fails: boolean) =>
  command(
    `refund ${n} ${fails ? 'fails' : 'succeeds'}`,
    async (purse, { shop }, now) => {
      const open = bought(purse).filter(({ pack }) => pack.refund?.open === true);
      const found = open[pick(open, n)];
      if (found?.pack.refund === undefined) return;
      const { pack, lot } = found;
      const { id } = found.pack.refund;
      await shop.in((tx) => refunds.begin(tx, id, now));
      await shop.in((tx) => (fails ? refunds.fail(tx, id, 'no', now) : refunds.succeed(tx, id, now)));
      found.pack.refund.open = false;
      const { refunds: listed } = await shop.in((tx) => orders.details(tx, String(pack.orderId)));
      const { credits: said } = listed.find((each) => each.id === id) ?? {};
      if (!fails) {
        const [clawedBack, alreadySpent] = [purse.count('taken', lot), purse.count('spent', lot)];
        const [expired, reserved] = [purse.count('expired', lot), purse.count('held', lot)];
        expect(said).toMatchObject({ clawedBack, alreadySpent, expired, reserved });
        return;
      }
      expect(said).toBeNull();
      delete pack.refund;
      pack.takenBack = false;
      purse.giveBack(lot);
    },
    (purse) => bought(purse).some(({ pack }) => pack.refund?.open === true),
  );

const wait = (ms: number) => command(`wait ${ms} ms`, async (purse) => purse.pass(ms));

/** Does the work of the job: records expiries. Must not change anything visible. */
const lapse = command('lapse', async (_, { shop }, now) => {
  const accounts = await shop.in((tx) => tx.query<{ id: string }>('select id from credit_accounts'));
  for (const { id } of accounts) await shop.in((tx) => credits.lapse(tx, id, now));
});

const amount = fc.integer({ min: 1, max: 7 });
const index = fc.nat({ max: 9 });
const COMMANDS = [
  fc.tuple(amount, fc.constantFrom(null, HOUR, DAY)).map(([n, ttl]) => grant(n, ttl)),
  fc.constantFrom(0, 1).map(buy),
  amount.map(debit),
  fc.tuple(amount, fc.constantFrom(10 * MINUTE, 2 * HOUR)).map(([n, ms]) => reserve(n, ms)),
  fc.tuple(index, amount).map(([n, part]) => commit(n, part)),
  index.map(release),
  index.map(askRefund),
  fc.tuple(index, fc.boolean()).map(([n, fails]) => endRefund(n, fails)),
  fc.constantFrom(MINUTE, HOUR, DAY, 2 * DAY).map(wait),
  fc.constant(lapse),
];

describe('the books of credits', () => {
  it('agree with a purse of coins after any sequence of commands', async () => {
    const setup = async () => {
      const pack = (creditAmount: number, creditDays: number | null) =>
        ({ kind: 'credits', content: null, creditUnit: UNIT, creditAmount, creditDays }) as const;
      const shop = await openShop(db, pack(5, 2));
      const { botId, productId } = shop;
      const forever = { botId, title: 'Pack', description: 'Forever', stars: 50, ...pack(3, null) };
      const second = await shop.in((tx) => products.create(tx, forever));
      const packs = [
        { productId, amount: 5, days: 2 },
        { productId: second.id, amount: 3, days: null },
      ];
      return { model: new Purse(), real: { shop, packs } };
    };
    await fc.assert(
      fc.asyncProperty(fc.commands(COMMANDS, { maxCommands: 40, size: '+1' }), async (commands) => {
        const { model, real } = await setup();
        await fc.asyncModelRun(() => ({ model, real }), commands);
      }),
      { numRuns: Number(process.env['CREDIT_MODEL_RUNS'] ?? 40) },
    );
  }, 120_000);
});
