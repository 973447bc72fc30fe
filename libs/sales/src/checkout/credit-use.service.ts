import { Injectable } from '@nestjs/common';
import { type Product, ProductService } from '#libs/catalog';
import type { TenantTx } from '#libs/database';
import { EventStore, JobStore } from '#libs/journal';
import { NotFound, stars } from '#libs/kernel';
import { type CreditPrice, OrderCredits } from '#libs/ledger';
import { refuseUse } from '../orders/checkout.js';
import { NotForSale } from './checkout.service.js';
import { FulfilmentStore } from '../fulfilment/fulfilment.store.js';
import { newOrder } from '../orders/new-order.js';
import { OrderRow } from '../orders/order.entity.js';
import { OrderStore } from '../orders/order.store.js';
import { orderView } from '../orders/order-view.js';

/** A command from a buyer, with the text after it. */
export interface Use {
  readonly botId: string;
  readonly buyerId: number;
  readonly product: Product;
  /** The update that requested it: the same update again returns the same order. */
  readonly updateId: number;
  readonly arguments: string | null;
}

/** Purchases with credits: orders without a charge. Their credits are held until delivery or failure. */
@Injectable()
export class CreditUseService {
  constructor(
    private readonly orders: OrderStore,
    private readonly products: ProductService,
    private readonly credits: OrderCredits,
    private readonly fulfilments: FulfilmentStore,
    private readonly events: EventStore,
    private readonly jobs: JobStore,
  ) {}

  /**
   * Places an order that is paid with credits at once, and requests its goods. Of several uses of the last credits
   * exactly one succeeds. The plan's limit on sales does not apply, because the credits have already been sold.
   * Idempotent per bot and update.
   * @throws NotFound, NotForSale, InsufficientCredits: then the transaction must be rolled back
   */
  async use(tx: TenantTx, wish: Use, now: Date): Promise<OrderRow> {
    const { botId, product, updateId } = wish;
    const price = priceOf(product);
    if (product.botId !== botId || price === undefined) throw new NotFound('product');
    const where = { tenantId: tx.tenantId, botId, placedByUpdate: updateId };
    const before = await tx.manager.findOneBy(OrderRow, where);
    if (before !== null) return before;

    const order = paidByCredits(tx.tenantId, wish, price, now);
    await tx.manager.insert(OrderRow, order);
    const stockReserved = await this.takeUnit(tx, order, now);
    const command = product.terms.paid_command?.command ?? '';
    await this.credits.hold(tx, order, price, `/${command}`, now);
    await Promise.all([
      stockReserved ? this.orders.update(tx, order, { stockReserved }, now) : undefined,
      this.fulfilments.open(tx, order, now),
      this.jobs.enqueue(tx, [{ kind: 'order.deliver', subject: order.id }]),
      this.events.record(tx, {
        type: 'order.paid',
        botId,
        orderId: order.id,
        data: { ...orderView(order), charge: null },
      }),
    ]);
    return order;
  }

  /** @returns true if a unit of limited stock was taken */
  private async takeUnit(tx: TenantTx, order: OrderRow, now: Date): Promise<boolean> {
    const found = await this.orders.lockWithShelf(tx, order.botId, order.id, now);
    const refusal = found === undefined ? 'archived' : refuseUse(found.shelf);
    if (refusal !== undefined) throw new NotForSale(refusal);
    if (found?.limitedStock !== true) return false;
    if ((await this.products.takeStock(tx, order.productId)) === 'sold_out') throw new NotForSale('sold_out');
    return true;
  }
}

function priceOf({ terms }: Product): CreditPrice | undefined {
  const { creditUnit: unit = null, creditAmount: amount = null } = terms.paid_command ?? {};
  return unit === null || amount === null ? undefined : { unit, amount };
}

function paidByCredits(tenantId: string, wish: Use, { unit, amount }: CreditPrice, now: Date): OrderRow {
  const { botId, buyerId, product, updateId: placedByUpdate } = wish;
  const { id: productId, priceVersion } = product;
  const order = newOrder(
    {
      tenantId,
      botId,
      buyerId,
      productId,
      priceVersion,
      stars: stars(0),
      billing: 'credits',
      placedByUpdate,
      source: null,
    },
    now,
  );
  const cost = { creditUnit: unit, creditAmount: amount, arguments: wish.arguments };
  return { ...order, ...cost, state: 'paid', paidAt: now, delivery: 'waiting' };
}
