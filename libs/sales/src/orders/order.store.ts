import { Injectable } from '@nestjs/common';
import { chargedByPeriod } from '#libs/catalog';
import { assignmentsOf, columnsOf, type Piece, type TenantTx, valuesOf } from '#libs/database';
import { EventStore, type EventType, previousOf } from '#libs/journal';
import { NotFound } from '#libs/kernel';
import type { BoughtPack } from '#libs/ledger';
import { monthOf, type Selling } from '#libs/quotas';
import { CAN, stateOfBot, type TenantState } from '#libs/tenants';
import type { Shelf } from './checkout.js';
import {
  DUTY_COLUMNS,
  type Duties,
  type DutyColumns,
  dutiesOf,
  GOODS_COLUMNS,
  type Goods,
  type GoodsColumns,
} from './duties.rows.js';
import { hasAgreedColumn } from '../buyers/consent.service.js';
import { assertMove, countsForLimit } from './order.js';
import { OrderRow } from './order.entity.js';
import { orderView } from './order-view.js';
import { type ShelfColumns, shelfColumns, shelfOf } from './shelf.js';

export interface ShelvedOrder {
  readonly order: OrderRow;
  /** The pre-checkout creates this order; it has no row yet. */
  readonly isNew?: boolean;
  readonly shelf: Shelf;
  /** False when the product has unlimited stock. */
  readonly limitedStock: boolean;
}

/** Conditions for a purchase other than the product's own. */
export interface Door {
  /** True when this bot's shop sells anything at this moment. */
  readonly open: boolean;
  /** True when the buyer has agreed to the terms, or does not have to. */
  readonly agreed: boolean;
  /** For a plan: true when the buyer already pays for it. */
  readonly subscribed: boolean;
  /** True when the buyer has reached the limit per buyer. */
  readonly limitReached: boolean;
  readonly selling: Selling;
  /** True when the buyer has entered a promo code. */
  readonly hasPromo: boolean;
}

/** An event's additional facts about an order. */
export interface OrderFact {
  readonly type: Extract<EventType, `order.${string}`>;
  readonly more?: Readonly<Record<string, unknown>>;
}

/** The event for an order's change. */
export function orderEvent(before: OrderRow, after: OrderRow, { type, more }: OrderFact) {
  const data = orderView(after);
  const previous = previousOf(orderView(before), data);
  return { type, botId: after.botId, orderId: after.id, data: { ...data, ...more }, previous };
}

/** The select list that maps the table `orders o` to an {@link OrderRow}. */
export const ORDER_COLUMNS = columnsOf(OrderRow, 'o');

/** The door of a bot that does not exist. */
const SHUT: Door = {
  open: false,
  agreed: false,
  subscribed: false,
  limitReached: false,
  selling: 'closing',
  hasPromo: false,
};

/** A subscription that its buyer continues to pay for. */
const RENEWS = `state in ('active', 'past_due')`;

@Injectable()
export class OrderStore {
  constructor(private readonly events: EventStore) {}

  /** Locks an order until the transaction ends. @throws NotFound */
  async lock(tx: TenantTx, orderId: string): Promise<OrderRow> {
    const order = await this.lockIfAny(tx, orderId);
    if (order === undefined) throw new NotFound('order');
    return order;
  }

  /** Locks an order until the transaction ends. @param botId if given, only an order of this bot is found */
  async lockIfAny(tx: TenantTx, orderId: string, botId?: string): Promise<OrderRow | undefined> {
    const [order] = await tx.query<OrderRow>(
      `select ${ORDER_COLUMNS} from orders o where o.tenant_id = $1 and o.id = $2 and ($3::uuid is null or o.bot_id = $3) for update`,
      [tx.tenantId, orderId, botId ?? null],
    );
    return order;
  }

  /**
   * Locks an order of a bot until the transaction ends, and reads in the same statement the duties of its payment and
   * its goods.
   */
  async lockToPay(
    tx: TenantTx,
    orderId: string,
    botId: string,
  ): Promise<{ readonly order: OrderRow; readonly duties: Duties; readonly goods: Goods } | undefined> {
    const [row] = await tx.query<OrderRow & DutyColumns & GoodsColumns>(
      `select ${ORDER_COLUMNS}, ${DUTY_COLUMNS}, ${GOODS_COLUMNS}
       from orders o join products p on p.tenant_id = o.tenant_id and p.id = o.product_id
       join buyers y on y.tenant_id = o.tenant_id and y.bot_id = o.bot_id and y.telegram_id = o.buyer_id
       where o.tenant_id = $1 and o.id = $2 and o.bot_id = $3 for update of o`,
      [tx.tenantId, orderId, botId],
    );
    if (row === undefined) return undefined;
    const { productKind, counted, made, addsCredits, opensChat, ...rest } = row;
    const { title, content, fileId, chatId, languageCode, ...order } = rest;
    const duties = dutiesOf({ productKind, counted, made, addsCredits, opensChat });
    return { order, duties, goods: { kind: productKind, title, content, fileId, chatId, languageCode } };
  }

  /**
   * Locks an order and its buyer, and reads the shelf in the same round trip. The buyer is locked so that two
   * concurrent orders of one person cannot exceed a limit.
   */
  async lockWithShelf(tx: TenantTx, botId: string, orderId: string, now: Date): Promise<ShelvedOrder | undefined> {
    const rows = await tx.query<OrderRow & ShelfColumns>(
      `select ${ORDER_COLUMNS}, ${shelfColumns('$1', '$4')}
       from orders o
       join buyers y on y.tenant_id = o.tenant_id and y.bot_id = o.bot_id and y.telegram_id = o.buyer_id
       join products p on p.tenant_id = o.tenant_id and p.id = o.product_id
       join bots b on b.tenant_id = o.tenant_id and b.id = o.bot_id
       join tenants t on t.id = o.tenant_id
       where o.tenant_id = $1 and o.id = $2 and o.bot_id = $3
       for no key update of o, y`,
      [tx.tenantId, orderId, botId, monthOf(now)],
    );
    const row = rows[0];
    if (row === undefined) return undefined;
    const [alreadyBought, subscribed] = await Promise.all([
      row.limitPerBuyer === null ? 0 : this.countBought(tx, row, now),
      row.billing === 'subscription_start' && this.isSubscribed(tx, row),
    ]);
    return shelved(row, { alreadyBought, subscribed }, now);
  }

  /** Read without a lock: {@link lockWithShelf} sees concurrent payments. */
  async door(tx: TenantTx, botId: string, buyerId: number, productId: string, now: Date): Promise<Door> {
    const [row] = await tx.query<Omit<Door, 'open'> & { botState: string; tenantState: TenantState }>(
      `select ${stateOfBot('b')} as "botState", t.state as "tenantState", ${hasAgreedColumn('$3')},
         coalesce(${chargedByPeriod('p.kind')}, false) and exists (select from subscriptions s
           where s.tenant_id = $1 and s.buyer_id = $3 and s.product_id = $4 and s.bot_id = $2 and ${RENEWS}) as subscribed,
         case when p.limit_per_buyer is null then false else p.limit_per_buyer <= (select count(*) from orders o
           where o.tenant_id = $1 and o.bot_id = $2 and o.buyer_id = $3 and o.product_id = $4 and ${countsForLimit('o')})
         end as "limitReached", selling_state($1, $5) as selling,
         exists (select from promo_wallets w where w.tenant_id = $1 and w.bot_id = $2 and w.buyer_id = $3) as "hasPromo"
       from bots b join tenants t on t.id = b.tenant_id left join products p on p.tenant_id = b.tenant_id and p.id = $4
       where b.tenant_id = $1 and b.id = $2`,
      [tx.tenantId, botId, buyerId, productId, monthOf(now)],
    );
    if (row === undefined) return SHUT;
    const { botState, tenantState, ...standing } = row;
    return { ...standing, open: botState === 'active' && CAN[tenantState].sell };
  }

  /** A separate statement, so that it sees commits during the wait for the buyer's lock. */
  private async countBought(tx: TenantTx, order: OrderRow, now: Date): Promise<number> {
    const rows = await tx.query<{ n: number }>(
      `select count(*)::int as n from orders o
       where o.tenant_id = $1 and o.bot_id = $2 and o.buyer_id = $3 and o.product_id = $4 and o.id <> $5
         and ${countsForLimit('o', '$6')}`,
      [tx.tenantId, order.botId, order.buyerId, order.productId, order.id, now],
    );
    return rows[0]?.n ?? 0;
  }

  /** True when the buyer already pays for this plan through another order. */
  private async isSubscribed(tx: TenantTx, order: OrderRow): Promise<boolean> {
    const rows = await tx.query(
      `select 1 from subscriptions where tenant_id = $1 and buyer_id = $2 and product_id = $3 and bot_id = $4 and id <> $5
         and ${RENEWS} limit 1`,
      [tx.tenantId, order.buyerId, order.productId, order.botId, order.id],
    );
    return rows.length > 0;
  }

  /**
   * True when the order's payment, in Stars or credits, was not refunded and is not being refunded. The caller holds
   * the order's lock.
   */
  async hasItsMoney(tx: TenantTx, orderId: string): Promise<boolean> {
    const rows = await tx.query(
      `select 1 from charges where tenant_id = $1 and order_id = $2 and match = 'order' and state = 'paid'
       union all
       select 1 from credit_reservations where tenant_id = $1 and order_id = $2 and state in ('open', 'committed')`,
      [tx.tenantId, orderId],
    );
    return rows.length > 0;
  }

  /** The credits that an order adds; undefined for other products. A product's credits never change. */
  async creditPack(tx: TenantTx, orderId: string): Promise<Omit<BoughtPack, 'chargeId'> | undefined> {
    const rows = await tx.query<Omit<BoughtPack, 'chargeId'>>(
      `select o.id as "orderId", o.bot_id as "botId", o.buyer_id as "buyerId", p.credit_unit as unit, p.credit_amount as amount,
         p.credit_days as days
       from orders o join products p on p.tenant_id = o.tenant_id and p.id = o.product_id
       where o.tenant_id = $1 and o.id = $2 and p.kind = 'credits'`,
      [tx.tenantId, orderId],
    );
    return rows[0];
  }

  /**
   * Stores a new order and its event, in one statement.
   * @param approved changes that already apply, and are not part of the event
   * @returns false when the same update has already placed an order: then nothing is stored
   */
  place(tx: TenantTx, order: OrderRow, approved: Partial<OrderRow> = {}): Promise<boolean> {
    const { id: orderId, botId } = order;
    const row = valuesOf({ ...order, ...approved, eventSequence: 1 });
    const sql = `insert into orders ${row.sql} on conflict (tenant_id, bot_id, placed_by_update) do nothing returning event_sequence`;
    const event = { type: 'order.placed', botId, orderId, data: orderView(order) } as const;
    return this.events.recordChange(tx, { sql, values: row.values }, event);
  }

  /**
   * Stores changes and their event, in one statement. The caller holds the order's lock.
   * @param also is written in the same statement, to another table @returns the changed order
   * @throws OrderStateConflict when the table of moves does not allow the new state
   */
  async change(
    tx: TenantTx,
    order: OrderRow,
    changes: Partial<OrderRow>,
    fact: OrderFact,
    now: Date,
    also?: Piece,
  ): Promise<OrderRow> {
    if (changes.state !== undefined) assertMove(order, changes.state);
    const written = { ...changes, updatedAt: now };
    const { sql: assignments, values } = assignmentsOf<OrderRow>(written, 2);
    const sql = `update orders set ${assignments}, event_sequence = event_sequence + 1 where tenant_id = $1 and id = $2
      returning event_sequence`;
    const change = { sql, values: [tx.tenantId, order.id, ...values] };
    await this.events.recordChange(tx, change, orderEvent(order, { ...order, ...changes }, fact), also);
    return { ...order, ...written, eventSequence: order.eventSequence + 1 };
  }

  /**
   * Like {@link change}, for an order that was read in an earlier transaction and is not locked.
   * @returns false when it has changed since: then nothing is stored
   */
  changeKnown(tx: TenantTx, order: OrderRow, changes: Partial<OrderRow>, fact: OrderFact, now: Date): Promise<boolean> {
    const { sql: assignments, values } = assignmentsOf<OrderRow>({ ...changes, updatedAt: now }, 4);
    const sql = `update orders set ${assignments}, event_sequence = event_sequence + 1
      where tenant_id = $1 and id = $2 and event_sequence = $3 and updated_at = $4 returning event_sequence`;
    const change = { sql, values: [tx.tenantId, order.id, order.eventSequence, order.updatedAt, ...values] };
    return this.events.recordChange(tx, change, orderEvent(order, { ...order, ...changes }, fact));
  }

  /** Stores changes without an event. The caller holds the order's lock. @returns the changed order */
  async update(tx: TenantTx, order: OrderRow, changes: Partial<OrderRow>, now: Date): Promise<OrderRow> {
    const written = { ...changes, updatedAt: now };
    await tx.manager.update(OrderRow, { tenantId: tx.tenantId, id: order.id }, written);
    return { ...order, ...written };
  }
}

function shelved(
  row: OrderRow & ShelfColumns,
  bought: Pick<Shelf, 'alreadyBought' | 'subscribed'>,
  now: Date,
): ShelvedOrder {
  const { botState, tenantState, selling, productState, productPriceVersion, productStars, ...rest } = row;
  const { chatReady, stock, limitPerBuyer, saleStartsAt, saleEndsAt, ...order } = rest;
  const window = { saleStartsAt, saleEndsAt };
  const product = { productState, productPriceVersion, productStars, chatReady, stock, limitPerBuyer, ...window };
  const standing = { ...bought, agreed: true };
  const shelf = shelfOf({ botState, tenantState, selling, ...product }, standing, order.stockReserved, now);
  return { order, limitedStock: stock !== null, shelf };
}
