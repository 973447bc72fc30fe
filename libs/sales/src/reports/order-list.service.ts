import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { type Product, ProductService } from '#libs/catalog';
import { type Cursor, Database, seek, type TenantTx } from '#libs/database';
import { BuyerRow } from '../buyers/buyer.entity.js';
import { ChargeRow } from '../charges/charge.entity.js';
import { type CreatedFilter, createdIn } from './created.js';
import type { Delivery, OrderState } from '../orders/order.js';
import { OrderRow } from '../orders/order.entity.js';
import { OrderStore } from '../orders/order.store.js';
import { ORDER_CSV_HEADER, orderCsvLine } from './order-csv.js';

export interface OrderFilter extends Cursor, CreatedFilter {
  readonly botId?: string | undefined;
  readonly productId?: string | undefined;
  readonly buyerId?: number | undefined;
  readonly state?: OrderState | undefined;
  readonly delivery?: Delivery | undefined;
  readonly limit: number;
}

type FileFilter = Omit<OrderFilter, 'limit' | 'after' | 'before'>;

export const ORDER_EXPANSIONS = ['product', 'buyer', 'charges'] as const;
export type OrderExpansion = (typeof ORDER_EXPANSIONS)[number];

/** Related objects of an order that were requested. Others are undefined. */
export interface OrderExtras {
  readonly product: Product | undefined;
  readonly buyer: BuyerRow | undefined;
  readonly charges: readonly ChargeRow[] | undefined;
}

/** The state of the payment of orders whose goods are in a state; unpaid orders have `none`. */
const PAYMENT_OF: Readonly<Record<Delivery, OrderState | undefined>> = {
  none: undefined,
  waiting: 'paid',
  generating: 'paid',
  delivered: 'paid',
  failed: 'paid',
  unreachable: 'paid',
  revoked: 'refunded',
};

/**
 * The conditions on an order's states, as SQL. States are written as literals, and the payment's follows from the
 * goods': only so PostgreSQL uses the partial indexes in a prepared statement, and few orders are found among many.
 */
function conditionsOf({ state, delivery }: Pick<OrderFilter, 'state' | 'delivery'>): string[] {
  const payment = delivery === undefined ? undefined : PAYMENT_OF[delivery];
  return [
    ...(state === undefined ? [] : [`o.state = '${state}'`]),
    ...(delivery === undefined ? [] : [`o.delivery = '${delivery}'`]),
    ...(payment === undefined ? [] : [`o.state = '${payment}'`]),
  ];
}

/** Orders as the creators' API lists and annotates them. */
@Injectable()
export class OrderList {
  /** Lines of a file per query. */
  protected readonly page: number = 1_000;

  constructor(
    private readonly db: Database,
    private readonly orders: OrderStore,
    private readonly products: ProductService,
  ) {}

  /** Newest first, one more than `limit`. */
  list(tx: TenantTx, filter: OrderFilter): Promise<OrderRow[]> {
    const { tenantId } = tx;
    const query = tx.manager.createQueryBuilder(OrderRow, 'o').where('o.tenantId = :tenantId', { tenantId });
    if (filter.botId !== undefined) query.andWhere('o.botId = :botId', { botId: filter.botId });
    if (filter.productId !== undefined) query.andWhere('o.productId = :productId', { productId: filter.productId });
    if (filter.buyerId !== undefined) query.andWhere(OF_BUYER, { buyerId: filter.buyerId });
    for (const condition of conditionsOf(filter)) query.andWhere(condition);
    createdIn(query, 'o', filter);
    return seek(query, 'o.id', filter)
      .limit(filter.limit + 1)
      .getMany();
  }

  /**
   * The same as CSV, newest first, generated while it is read: no transaction is open between two pages. Everything until
   * `asOf` is in it, and perhaps more.
   */
  async csv(
    tenantId: string,
    filter: FileFilter,
  ): Promise<{ readonly asOf: string; readonly pages: AsyncIterable<string> }> {
    const asOf = await this.db.inReport(tenantId, (_tx, time) => Promise.resolve(time));
    return { asOf, pages: this.pages(tenantId, filter, asOf) };
  }

  private async *pages(tenantId: string, filter: FileFilter, asOf: string): AsyncGenerator<string> {
    yield ORDER_CSV_HEADER;
    let after: string | undefined;
    for (;;) {
      const read = async (tx: TenantTx) => {
        const rows = await this.list(tx, { ...filter, after, limit: this.page - 1 });
        return [rows, await this.extras(tx, rows, ['product', 'buyer'])] as const;
      };
      const [orders, extras] = await this.db.inReport(tenantId, read, asOf);
      if (orders.length > 0) yield orders.map((order, n) => orderCsvLine(order, extras[n] ?? NOTHING)).join('');
      if (orders.length < this.page) return;
      after = orders.at(-1)?.id;
    }
  }

  /**
   * The related objects of these orders, in the same order: one statement for each kind, however many orders there are.
   */
  async extras(
    tx: TenantTx,
    orders: readonly OrderRow[],
    wanted: readonly OrderExpansion[],
  ): Promise<readonly OrderExtras[]> {
    const { tenantId } = tx;
    const wants = (kind: OrderExpansion) => wanted.includes(kind) && orders.length > 0;
    const ids = <Id>(of: (order: OrderRow) => Id) => In([...new Set(orders.map(of))]);
    const [products, buyers, charges] = await Promise.all([
      wants('product') ? this.products.find(tx, [...new Set(orders.map((order) => order.productId))]) : [],
      wants('buyer')
        ? tx.manager.findBy(BuyerRow, {
            tenantId,
            botId: ids((order) => order.botId),
            telegramId: ids((order) => order.buyerId),
          })
        : [],
      wants('charges')
        ? tx.manager.find(ChargeRow, { where: { tenantId, orderId: ids((order) => order.id) }, order: { id: 'ASC' } })
        : [],
    ]);
    const productOf = new Map(products.map((product) => [product.id, product]));
    const buyerOf = new Map(buyers.map((buyer) => [`${buyer.botId} ${buyer.telegramId}`, buyer]));
    const chargesOf = (order: OrderRow) => charges.filter((charge) => charge.orderId === order.id);
    return orders.map((order) => ({
      product: productOf.get(order.productId),
      buyer: buyerOf.get(`${order.botId} ${order.buyerId}`),
      charges: wanted.includes('charges') ? chargesOf(order) : undefined,
    }));
  }

  /** Replaces the creator's metadata of an order, whatever its state. @throws NotFound */
  async setMetadata(
    tx: TenantTx,
    orderId: string,
    metadata: Readonly<Record<string, string>>,
    now: Date,
  ): Promise<OrderRow> {
    const order = await this.orders.lock(tx, orderId);
    if (isDeepStrictEqual(order.metadata, metadata)) return order;
    return this.orders.change(tx, order, { metadata: { ...metadata } }, { type: 'order.updated' }, now);
  }
}

const NOTHING: OrderExtras = { product: undefined, buyer: undefined, charges: undefined };

/** By the buyer's bots, because the index begins with the bot. */
const OF_BUYER = `(o.botId, o.buyerId) in
  (select b.bot_id, b.telegram_id from buyers b where b.tenant_id = :tenantId and b.telegram_id = :buyerId)`;
