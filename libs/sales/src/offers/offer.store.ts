import { Injectable } from '@nestjs/common';
import { isPersonal, type ProductKind } from '#libs/catalog';
import type { TenantTx } from '#libs/database';
import type { Stars } from '#libs/kernel';
import { monthOf } from '#libs/quotas';
import { BuyerService } from '../buyers/buyer.service.js';
import type { PreCheckout } from '../orders/checkout.js';
import { hasAgreedColumn } from '../buyers/consent.service.js';
import { newOrder } from '../orders/new-order.js';
import { type Offer, offerPayload } from '../charges/offer-payload.js';
import { countsForLimit } from '../orders/order.js';
import type { OrderRow } from '../orders/order.entity.js';
import { ORDER_COLUMNS, OrderStore, type ShelvedOrder } from '../orders/order.store.js';
import type { Payment } from '../charges/payment.js';
import { type ShelfColumns, shelfColumns, shelfOf } from '../orders/shelf.js';

interface OfferColumns extends ShelfColumns {
  readonly kind: ProductKind;
  readonly agreed: boolean;
  /** The price on the invoice. */
  readonly stars: Stars;
}

type Party = Pick<Payment, 'botId' | 'buyerId'> & Pick<PreCheckout, 'person'>;

/**
 * Orders of invoices that anyone can pay. Everything that one buyer does with one invoice is serialised by an advisory
 * lock that is taken before any row lock, so that each payment finds the order of its pre-checkout, and two payments
 * never create an order each. Statements are sent in the order in which they are written here, which TypeORM would not
 * guarantee.
 */
@Injectable()
export class OfferStore {
  constructor(
    private readonly buyers: BuyerService,
    private readonly orders: OrderStore,
  ) {}

  /**
   * Locks the order of a pre-checkout and its buyer, and reads the shelf, in one round trip: the order that this query
   * has already created, else the one that this buyer may still pay, else a new one that is not stored yet.
   * @returns undefined when the bot sells no such product, or never at that price
   */
  async lockWithShelf(
    tx: TenantTx,
    botId: string,
    offer: Offer,
    query: PreCheckout,
    now: Date,
  ): Promise<ShelvedOrder | undefined> {
    const [payload, { buyerId, queryId, person }] = [offerPayload(offer), query];
    const [, , found, columns, alreadyBought] = await Promise.all([
      this.lock(tx, { botId, buyerId }, payload),
      this.buyers.introduce(tx, botId, person ?? { id: buyerId }),
      tx.query<OrderRow>(
        `select ${ORDER_COLUMNS} from orders o
         where o.tenant_id = $1 and o.bot_id = $2 and o.buyer_id = $3 and o.offer = $4
           and (o.state in ('placed', 'approved') or o.approved_query_id = $5) for no key update`,
        [tx.tenantId, botId, buyerId, payload, queryId],
      ),
      this.shelf(tx, botId, buyerId, offer, now),
      this.countBought(tx, botId, buyerId, offer, now),
    ]);
    if (columns === undefined || isPersonal(columns.kind)) return undefined;
    const known = found.find((order) => order.approvedQueryId === queryId) ?? found[0];
    const order = known ?? orderOf(tx, { botId, buyerId }, offer, columns.stars, now);
    const shelf = shelfOf(
      columns,
      { alreadyBought, subscribed: false, agreed: columns.agreed },
      order.stockReserved,
      now,
    );
    return { order, isNew: known === undefined, limitedStock: columns.stock !== null, shelf };
  }

  /**
   * The order of a payment: the last unpaid one of this buyer and invoice, in any state. If there is none, because the
   * pre-checkout never reached us or it was paid twice, the order is created now.
   * @returns `already_recorded` for a known charge; undefined when no such product was ever sold at that price
   */
  async orderPaid(
    tx: TenantTx,
    offer: Offer,
    payment: Payment,
    now: Date,
  ): Promise<OrderRow | 'already_recorded' | undefined> {
    const [payload, { botId, buyerId, telegramChargeId }] = [offerPayload(offer), payment];
    const [, recorded, [unpaid], columns] = await Promise.all([
      this.lock(tx, payment, payload),
      tx.query('select 1 from charges where tenant_id = $1 and bot_id = $2 and telegram_charge_id = $3', [
        tx.tenantId,
        botId,
        telegramChargeId,
      ]),
      tx.query<OrderRow>(
        `select ${ORDER_COLUMNS} from orders o
         where o.tenant_id = $1 and o.bot_id = $2 and o.buyer_id = $3 and o.offer = $4 and o.paid_at is null
         order by o.id desc limit 1 for no key update`,
        [tx.tenantId, botId, buyerId, payload],
      ),
      this.terms(tx, botId, offer),
    ]);
    if (recorded.length > 0) return 'already_recorded';
    if (unpaid !== undefined) return unpaid;
    if (columns === undefined || isPersonal(columns.kind) || columns.stars !== payment.stars) return undefined;
    const order = orderOf(tx, payment, offer, columns.stars, now);
    await Promise.all([
      this.buyers.introduce(tx, botId, payment.person ?? { id: buyerId }),
      this.orders.place(tx, order),
    ]);
    return order;
  }

  private async lock(tx: TenantTx, { botId, buyerId }: Party, payload: string): Promise<void> {
    const name = `${tx.tenantId}/${botId}/${buyerId}/${payload}`;
    await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [name]);
  }

  // The buyer is locked after the order, as everywhere else, so that two concurrent orders of one person cannot exceed
  // a limit.
  private async shelf(
    tx: TenantTx,
    botId: string,
    buyerId: number,
    { productId, priceVersion }: Offer,
    now: Date,
  ): Promise<OfferColumns | undefined> {
    const [row] = await tx.query<OfferColumns>(
      `select ${shelfColumns('$1', '$6')}, p.kind, v.stars, ${hasAgreedColumn('$4')}
       from products p
       join price_versions v on v.tenant_id = p.tenant_id and v.product_id = p.id and v.version = $5
       join bots b on b.tenant_id = p.tenant_id and b.id = p.bot_id
       join tenants t on t.id = p.tenant_id
       join buyers y on y.tenant_id = p.tenant_id and y.bot_id = p.bot_id and y.telegram_id = $4
       where p.tenant_id = $1 and p.id = $2 and p.bot_id = $3
       for no key update of y`,
      [tx.tenantId, productId, botId, buyerId, priceVersion, monthOf(now)],
    );
    return row;
  }

  private async terms(
    tx: TenantTx,
    botId: string,
    { productId, priceVersion }: Offer,
  ): Promise<Pick<OfferColumns, 'kind' | 'stars'> | undefined> {
    const [row] = await tx.query<Pick<OfferColumns, 'kind' | 'stars'>>(
      `select p.kind, v.stars from products p
       join price_versions v on v.tenant_id = p.tenant_id and v.product_id = p.id and v.version = $4
       where p.tenant_id = $1 and p.id = $2 and p.bot_id = $3`,
      [tx.tenantId, productId, botId, priceVersion],
    );
    return row;
  }

  /** A separate statement, so that it sees commits during the previous one's wait for the buyer's lock. */
  private async countBought(tx: TenantTx, botId: string, buyerId: number, offer: Offer, now: Date): Promise<number> {
    const [row] = await tx.query<{ n: number }>(
      `select count(*)::int as n from orders o
       where o.tenant_id = $1 and o.bot_id = $2 and o.buyer_id = $3 and o.product_id = $4 and ${countsForLimit('o', '$5')}
         and (o.state = 'paid' or o.offer is distinct from $6)`,
      [tx.tenantId, botId, buyerId, offer.productId, now, offerPayload(offer)],
    );
    return row?.n ?? 0;
  }
}

function orderOf(tx: TenantTx, { botId, buyerId }: Party, offer: Offer, stars: Stars, now: Date): OrderRow {
  const { productId, priceVersion, source = null } = offer;
  const wanted = { tenantId: tx.tenantId, botId, buyerId, productId, priceVersion, stars, source };
  return newOrder({ ...wanted, offer: offerPayload(offer), billing: 'purchase', placedByUpdate: null }, now);
}
