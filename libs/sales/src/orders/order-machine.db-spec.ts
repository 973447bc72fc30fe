import { fc } from '../../../../test/support/properties.js';
import type { DataSource } from 'typeorm';
import type { Database } from '#libs/database';
import { DAY, MINUTE, publicId, SECOND } from '#libs/kernel';
import { openTestDatabase } from '../../../../test/support/database.js';
import { openShop, paymentFor, salesServices, type Shop } from '../../../../test/support/shop.js';
import { NotForSale, type OrderRow, type OrderState } from '../index.js';
import { APPROVAL_HOLD_MS, ORDER_LIFETIME_MS, RESERVATION_MS } from './order.js';

let db: Database;
let source: DataSource;
const { checkout, payments, endings, refunds } = salesServices();

beforeAll(async () => ({ db, source } = await openTestDatabase()));
afterAll(() => source.destroy());

/**
 * A step with one of a few orders. Numbers identify an order, a query or a charge; a known charge is reported again.
 */
type Step =
  | { readonly do: 'place' | 'release' | 'expire' }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'cancel'; readonly order: number }
  | { readonly do: 'approve'; readonly order: number; readonly query: number }
  | {
      readonly do: 'disapprove';
      readonly order: number;
      readonly query: number;
      readonly outcome: 'refused' | 'unknown';
    }
  | { readonly do: 'pay'; readonly order: number; readonly charge: number }
  | { readonly do: 'reportRefund'; readonly charge: number };

const order = fc.nat({ max: 2 });
const steps = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ do: fc.constant('place' as const) }) },
    { weight: 5, arbitrary: fc.record({ do: fc.constant('approve' as const), order, query: fc.nat({ max: 3 }) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('disapprove' as const),
        order,
        query: fc.nat({ max: 3 }),
        outcome: fc.constantFrom('refused' as const, 'unknown' as const),
      }),
    },
    { weight: 5, arbitrary: fc.record({ do: fc.constant('pay' as const), order, charge: fc.nat({ max: 4 }) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('cancel' as const), order }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('release' as const, 'expire' as const) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('reportRefund' as const), charge: fc.nat({ max: 4 }) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('wait' as const),
        ms: fc.constantFrom(SECOND, MINUTE, 11 * MINUTE, 2 * DAY),
      }),
    },
  ),
  { minLength: 5, maxLength: 30 },
);

interface ModelOrder {
  state: OrderState;
  unit: boolean;
  query: number | undefined;
  approvedAt: number;
  readonly expiresAt: number;
}

interface ModelCharge {
  readonly order: ModelOrder;
  readonly match: 'order' | 'duplicate' | 'undeliverable';
  refunded: boolean;
}

/** A minimal model of the order machine. */
class Model {
  readonly orders: ModelOrder[] = [];
  readonly charges = new Map<number, ModelCharge>();
  constructor(
    public stock: number | null,
    private now: number,
  ) {}

  take(step: Step): unknown {
    const target = 'order' in step ? this.orders[step.order] : undefined;
    switch (step.do) {
      case 'wait':
        this.now += step.ms;
        return undefined;
      case 'place':
        return this.place();
      case 'approve':
        return target && this.approve(target, step.query);
      case 'disapprove':
        return target && this.disapprove(target, step.query, step.outcome);
      case 'pay':
        return target && this.pay(target, step.charge);
      case 'cancel':
        return target && this.cancel(target);
      case 'expire':
        for (const each of this.orders) {
          if (isOpen(each) && each.expiresAt <= this.now && !this.isFresh(each)) this.end(each, 'expired');
        }
        return undefined;
      case 'release':
        for (const each of this.orders) if (each.state === 'approved' && !this.isFresh(each)) this.giveBack(each);
        return undefined;
      case 'reportRefund': {
        const charge = this.charges.get(step.charge);
        if (charge === undefined) return undefined;
        charge.refunded = true;
        if (charge.match === 'order') charge.order.state = 'refunded';
        return undefined;
      }
    }
  }

  private place(): string {
    if (this.stock === 0) return 'sold_out';
    if (this.orders.length < 3) {
      const expiresAt = this.now + ORDER_LIFETIME_MS;
      this.orders.push({ state: 'placed', unit: false, query: undefined, approvedAt: 0, expiresAt });
    }
    return 'placed';
  }

  private approve(target: ModelOrder, query: number): string {
    if (target.state === 'paid' || target.state === 'refunded') return 'already_paid';
    if (target.state === 'cancelled') return 'cancelled';
    if (target.state === 'expired' || target.expiresAt <= this.now) return 'expired';
    const isHeld =
      target.state === 'approved' && target.query !== undefined && this.now - target.approvedAt < APPROVAL_HOLD_MS;
    if (isHeld && target.query !== query) return 'being_paid';
    if (this.stock === 0 && !target.unit) return 'sold_out';
    if (target.query === query) return 'ok';
    this.takeUnit(target);
    Object.assign(target, { state: 'approved', query, approvedAt: this.now });
    return 'ok';
  }

  private disapprove(target: ModelOrder, query: number, outcome: 'refused' | 'unknown'): undefined {
    if (target.state !== 'approved' || target.query !== query) return;
    target.query = undefined;
    if (outcome === 'refused') this.end(target, 'placed');
  }

  private pay(target: ModelOrder, id: number): string {
    if (this.charges.has(id)) return 'already_recorded';
    const match = this.matchOf(target);
    this.charges.set(id, { order: target, match, refunded: false });
    if (match === 'order') target.state = 'paid';
    return match;
  }

  private matchOf(target: ModelOrder): ModelCharge['match'] {
    if (target.state === 'paid' || target.state === 'refunded') return 'duplicate';
    if (target.unit || this.stock === null) return 'order';
    return this.takeUnit(target) ? 'order' : 'undeliverable';
  }

  private cancel(target: ModelOrder): string {
    if (isOpen(target)) this.end(target, 'cancelled');
    return target.state === 'cancelled' ? 'cancelled' : 'conflict';
  }

  private end(target: ModelOrder, state: OrderState): void {
    this.giveBack(target);
    target.state = state;
  }

  private takeUnit(target: ModelOrder): boolean {
    if (this.stock === null || target.unit) return true;
    if (this.stock === 0) return false;
    this.stock -= 1;
    target.unit = true;
    return true;
  }

  private giveBack(target: ModelOrder): void {
    if (target.unit && this.stock !== null) this.stock += 1;
    target.unit = false;
  }

  private isFresh(target: ModelOrder): boolean {
    return target.state === 'approved' && this.now - target.approvedAt < RESERVATION_MS;
  }
}

const isOpen = ({ state }: ModelOrder) => state === 'placed' || state === 'approved';

/** The real services, driven by the same steps. */
class Real {
  readonly placed: OrderRow[] = [];
  private updateId = 0;

  constructor(
    private readonly shop: Shop,
    private now: Date,
  ) {}

  async take(step: Step): Promise<unknown> {
    const { shop } = this;
    const target = 'order' in step ? this.placed[step.order] : undefined;
    const all = this.placed.map(({ id }) => id);
    switch (step.do) {
      case 'wait':
        this.now = new Date(this.now.getTime() + step.ms);
        return undefined;
      case 'place':
        return this.place();
      case 'approve':
        return target && this.approve(target, `q${step.query}`);
      case 'disapprove':
        if (target === undefined) return undefined;
        return shop.in((tx) => endings.disapprove(tx, target.id, `q${step.query}`, step.outcome, this.now));
      case 'pay': {
        if (target === undefined) return undefined;
        const payment = paymentFor(target, { telegramChargeId: `stx${step.charge}`, occurredAt: this.now });
        return (await shop.in((tx) => payments.record(tx, payment, this.now))).outcome;
      }
      case 'cancel':
        if (target === undefined) return undefined;
        return shop
          .in((tx) => endings.cancel(tx, target.id, this.now))
          .then(
            ({ state }) => state,
            () => 'conflict',
          );
      case 'expire':
        await shop.in((tx) => endings.expire(tx, all, this.now));
        return undefined;
      case 'release':
        await shop.in((tx) => endings.release(tx, all, this.now));
        return undefined;
      case 'reportRefund':
        await shop
          .in((tx) => refunds.recordFromTelegram(tx, shop.botId, `stx${step.charge}`, this.now))
          .catch(() => undefined);
        return undefined;
    }
  }

  private async place(): Promise<string> {
    try {
      const found = await this.shop.in(async (tx) => {
        this.updateId += 1;
        const { order: made } = await checkout.place(tx, { ...this.shop, updateId: this.updateId }, this.now);
        if (this.placed.length >= 3) throw new Enough();
        return made;
      });
      this.placed.push(found);
      return 'placed';
    } catch (error) {
      if (error instanceof Enough) return 'placed';
      if (error instanceof NotForSale) return error.reason;
      throw error;
    }
  }

  private async approve(target: OrderRow, queryId: string): Promise<string> {
    const query = { queryId, buyerId: target.buyerId, currency: 'XTR', amount: target.stars };
    const payload = publicId('order', target.id);
    const answer = await this.shop.in((tx) => checkout.approve(tx, target.botId, payload, query, this.now));
    return answer.ok ? 'ok' : answer.refusal;
  }

  /** Returns the state in the terms of the model. */
  async state() {
    const rows = await this.shop.in((tx) =>
      tx.query<{ id: string; state: OrderState; unit: boolean }>(
        'select id, state, stock_reserved as unit from orders order by id',
      ),
    );
    const charges = await this.shop.in((tx) =>
      tx.query<{ id: string; match: string; refunded: boolean }>(
        `select substr(telegram_charge_id, 4) as id, match, state = 'refunded' as refunded from charges order by 1`,
      ),
    );
    const [product] = await this.shop.in((tx) => tx.query<{ stock: number | null }>('select stock from products'));
    const byId = new Map(rows.map((row) => [row.id, row]));
    const inOrder = this.placed.map(({ id }) => ({ state: byId.get(id)?.state, unit: byId.get(id)?.unit }));
    return { orders: inOrder, charges, stock: product?.stock };
  }
}

class Enough extends Error {}

const stateOf = (model: Model) => ({
  orders: model.orders.map(({ state, unit }) => ({ state, unit })),
  charges: [...model.charges]
    .map(([id, { match, refunded }]) => ({ id: String(id), match, refunded }))
    .sort((a, b) => a.id.localeCompare(b.id)),
  stock: model.stock,
});

const stocks = fc.constantFrom(null, 1, 2, 3);

it('the order machine behaves like a simple model after any sequence of steps', async () => {
  await fc.assert(
    fc.asyncProperty(stocks, steps, async (stock, sequence) => {
      const [shop, now] = [await openShop(db, { stock }), new Date()];
      const [model, real] = [new Model(stock, now.getTime()), new Real(shop, now)];
      for (const step of sequence) expect([step, await real.take(step)]).toEqual([step, model.take(step)]);
      expect(await real.state()).toEqual(stateOf(model));
    }),
    { numRuns: 40 },
  );
}, 60_000);

it('the order machine keeps its invariants when everything is concurrent', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(1, 2, 3), steps, async (stock, sequence) => {
      const real = new Real(await openShop(db, { stock }), new Date());
      for (const step of ['place', 'place', 'place'] as const) await real.take({ do: step });
      await Promise.all(sequence.filter((step) => step.do !== 'place').map((step) => real.take(step)));
      const end = await real.state();
      // No unit is lost or invented, and each order was paid by at most one charge.
      expect(Number(end.stock) + end.orders.filter(({ unit }) => unit).length).toBe(stock);
      const settled = end.orders.filter(({ state }) => state === 'paid' || state === 'refunded');
      expect(end.charges.filter(({ match }) => match === 'order')).toHaveLength(settled.length);
      expect(settled.every(({ unit }) => unit)).toBe(true);
    }),
    { numRuns: 25 },
  );
}, 60_000);
