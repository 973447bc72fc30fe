import { Injectable } from '@nestjs/common';
import { type Product, ProductService } from '#libs/catalog';
import type { TenantTx } from '#libs/database';
import { NotFound } from '#libs/kernel';
import { LedgerService, matched } from '#libs/ledger';
import { BuyerService } from '../buyers/buyer.service.js';
import { ChargeRow } from '../charges/charge.entity.js';
import {
  canBeGiven,
  ChargeNotHeld,
  isHeldCharge,
  NoProductNamed,
  NotToBeGiven,
  NothingLeft,
} from '../charges/held-charge.js';
import { offerOf } from '../charges/offer-payload.js';
import { dutiesOfProduct } from '../orders/duties.rows.js';
import { newOrder } from '../orders/new-order.js';
import { OrderRow } from '../orders/order.entity.js';
import { OrderStore } from '../orders/order.store.js';
import { BuyerErased } from '../refunds/refund.js';
import { RefundStore } from '../refunds/refund.store.js';
import { PaymentSettlement } from './payment-settlement.service.js';

/** Turns money without an order into a sale of the product that the creator names. */
@Injectable()
export class HeldCharges {
  constructor(
    private readonly charges: RefundStore,
    private readonly orders: OrderStore,
    private readonly products: ProductService,
    private readonly buyers: BuyerService,
    private readonly settlement: PaymentSettlement,
    private readonly ledger: LedgerService,
  ) {}

  /**
   * Creates a paid order of a product for a held charge, with all consequences of a payment: the goods are delivered,
   * the buyer is entitled, the ledger moves the Stars to the sales. The price is what was paid. Idempotent: repeated
   * for the same product, even concurrently, it returns the same order.
   * @param named undefined for the product that the charge's payload or order names
   * @throws NotFound, ChargeNotHeld, NoProductNamed, NotToBeGiven, NothingLeft, BuyerErased
   */
  async deliver(tx: TenantTx, chargeId: string, named: string | undefined, now: Date): Promise<OrderRow> {
    const charge = await this.charges.lockCharge(tx, chargeId);
    if (charge === undefined) throw new NotFound('charge');
    if (!isHeldCharge(charge)) return this.madeBefore(tx, charge, named);
    if (charge.buyerId < 0) throw new BuyerErased();
    const product = await this.productFor(tx, charge, named);
    if (!canBeGiven(product.kind)) throw new NotToBeGiven();
    const stock = await this.products.takeStock(tx, product.id);
    if (stock === 'sold_out') throw new NothingLeft();
    const order = await this.place(tx, charge, product, now);
    const paying: ChargeRow = { ...charge, match: 'order', orderId: order.id };
    const changes = { match: paying.match, orderId: paying.orderId };
    await tx.manager.update(ChargeRow, { tenantId: tx.tenantId, id: charge.id }, changes);
    await this.ledger.post(tx, {
      botId: charge.botId,
      cause: 'match',
      causeId: charge.id,
      entries: matched(charge.stars),
    });
    await this.settlement.settle(
      tx,
      {
        order,
        duties: await dutiesOfProduct(tx, product.id),
        goods: undefined,
        charge: paying,
        payment: { ...paying, person: undefined },
        renews: undefined,
        tookUnit: stock === 'taken',
        turn: {},
      },
      now,
    );
    return this.orders.lock(tx, order.id);
  }

  /** Returns the order that an earlier identical request created. @throws ChargeNotHeld */
  private async madeBefore(tx: TenantTx, charge: ChargeRow, named: string | undefined): Promise<OrderRow> {
    if (charge.match !== 'order' || charge.orderId === null || !(await this.wasHeld(tx, charge)))
      throw new ChargeNotHeld();
    const order = await this.orders.lock(tx, charge.orderId);
    if (named !== undefined && named !== order.productId) throw new ChargeNotHeld();
    return order;
  }

  private async wasHeld(tx: TenantTx, { id }: ChargeRow): Promise<boolean> {
    const moved = await tx.query(
      `select 1 from ledger_entries where tenant_id = $1 and cause = 'match' and cause_id = $2 limit 1`,
      [tx.tenantId, id],
    );
    return moved.length > 0;
  }

  /** @throws NoProductNamed; NotFound for a product of another bot */
  private async productFor(tx: TenantTx, charge: ChargeRow, named: string | undefined): Promise<Product> {
    const id = named ?? (await this.productIn(tx, charge));
    if (id === undefined) throw new NoProductNamed();
    const product = await this.products.forSale(tx, id);
    if (product === undefined || product.botId !== charge.botId) throw new NotFound('product');
    return product;
  }

  private async productIn(tx: TenantTx, { payload, orderId }: ChargeRow): Promise<string | undefined> {
    const offered = offerOf(payload)?.productId;
    if (offered !== undefined || orderId === null) return offered;
    const order = await tx.manager.findOneBy(OrderRow, { tenantId: tx.tenantId, id: orderId });
    return order?.productId;
  }

  private async place(tx: TenantTx, charge: ChargeRow, product: Product, now: Date): Promise<OrderRow> {
    const { botId, buyerId, stars } = charge;
    const { id: productId, priceVersion } = product;
    const wanted = { tenantId: tx.tenantId, botId, buyerId, productId, priceVersion, stars };
    const order = newOrder({ ...wanted, billing: 'purchase', placedByUpdate: null, source: null }, now);
    await this.buyers.introduce(tx, botId, { id: buyerId });
    await this.orders.place(tx, order);
    return { ...order, eventSequence: 1 };
  }
}
