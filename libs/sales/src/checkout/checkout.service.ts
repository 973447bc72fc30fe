import { Injectable } from '@nestjs/common';
import { isChargedByPeriod, type Product, ProductService, sellable } from '#libs/catalog';
import type { TenantTx } from '#libs/database';
import { EventStore } from '#libs/journal';
import { DomainError, NotFound, parseId, type Stars } from '#libs/kernel';
import { type CheckoutRefusal, type PreCheckout, refuseCheckout, WHY_NOT } from '../orders/checkout.js';
import { newOrder } from '../orders/new-order.js';
import { offerOf } from '../charges/offer-payload.js';
import { OfferStore } from '../offers/offer.store.js';
import { OrderRow } from '../orders/order.entity.js';
import { type Door, orderEvent, type OrderFact, OrderStore, type ShelvedOrder } from '../orders/order.store.js';
import { discounted, noPromoFor } from '../promo/promo.js';
import { type HeldPromo, PromoStore } from '../promo/promo.store.js';
import { SubscriptionPayments } from '../subscriptions/subscription-payments.service.js';

export interface Placing {
  readonly botId: string;
  readonly buyerId: number;
  readonly productId: string;
  /** The update that requested it: the same update again returns the same order. */
  readonly updateId: number;
  /** The buyer's source, at most 64 characters. */
  readonly source?: string | undefined;
  /** The buyer's text after a command. */
  readonly arguments?: string | null | undefined;
}

/** A product's price for one buyer at this moment. */
export interface Quote {
  readonly product: Product;
  readonly stars: Stars;
  /** The price without their promo code; null when no code lowers it. */
  readonly listStars: Stars | null;
  /** The code that lowers the price. */
  readonly promo: { readonly id: string; readonly code: string } | undefined;
  /** The reason why they cannot buy it now; undefined if they can. */
  readonly refusal: CheckoutRefusal | undefined;
  /** True when they have agreed to the terms, or do not have to. */
  readonly agreed: boolean;
}

export interface Placed {
  readonly order: OrderRow;
  readonly product: Product;
  /** The code that lowers the price. */
  readonly promoCode: string | undefined;
}

export type Approval =
  | { readonly ok: true; readonly orderId: string }
  | {
      readonly ok: false;
      readonly refusal: CheckoutRefusal;
      readonly orderId: string | undefined;
      readonly productId?: string | undefined;
    };

/** The buyer's explanation is in the texts, by `reason`. */
export class NotForSale extends DomainError {
  static readonly code = 'not_for_sale';
  static readonly refusal = 'conflict';
  readonly remedy = 'Open the shop to see what is sold now.';

  constructor(readonly reason: CheckoutRefusal) {
    super(`The product is not for sale: ${reason}.`);
  }
}

/** Thrown for a paid command that costs no Stars, or that needs a text, which a button cannot provide. */
export class UsedByCommand extends DomainError {
  static readonly code = 'used_by_command';
  static readonly refusal = 'conflict';
  readonly remedy = 'Send the command with its text.';

  constructor(readonly product: Product) {
    super('The product can only be used through its command.');
  }
}

/** Handles a purchase from the first request to Telegram's pre-checkout. */
@Injectable()
export class CheckoutService {
  constructor(
    private readonly orders: OrderStore,
    private readonly offers: OfferStore,
    private readonly products: ProductService,
    private readonly subscriptions: SubscriptionPayments,
    private readonly promos: PromoStore,
    private readonly events: EventStore,
  ) {}

  /**
   * Returns a product's price for this buyer, and whether they could buy it. Nothing is reserved: the pre-checkout
   * checks everything again.
   * @returns undefined when the bot has no such product
   */
  async quote(
    tx: TenantTx,
    { botId, buyerId, productId }: Pick<Placing, 'botId' | 'buyerId' | 'productId'>,
    now: Date,
  ): Promise<Quote | undefined> {
    const [door, product] = await Promise.all([
      this.orders.door(tx, botId, buyerId, productId, now),
      this.products.forSale(tx, productId),
    ]);
    if (product?.botId !== botId) return undefined;
    const promo = door.hasPromo ? usable(await this.promos.held(tx, botId, buyerId, now), product) : undefined;
    const refusal = refusalOf(product, door, now);
    const { agreed } = door;
    return { product, promo, refusal, agreed, ...priceOf(product, promo) };
  }

  /**
   * Places an order at today's price, minus the discount of the buyer's code. Idempotent per bot and update.
   * @throws NotFound when the bot sells no such product, NotForSale when it is not sold now, UsedByCommand when it is
   * only sold through its command
   */
  async place(tx: TenantTx, placing: Placing, now: Date): Promise<Placed> {
    const quote = await this.quote(tx, placing, now);
    if (quote === undefined) throw new NotFound('product');
    const refusal = refusalToPlace(quote, placing);
    const order = orderFor(tx, quote, placing, now);
    if (refusal === undefined && (await this.orders.place(tx, order))) return placed(order, quote);
    const { botId, updateId } = placing;
    const before = await tx.manager.findOneBy(OrderRow, { tenantId: tx.tenantId, botId, placedByUpdate: updateId });
    if (before !== null) return placed(before, quote);
    throw refusal ?? new NotFound('order');
  }

  /** Records on an unpaid order why it could not be shown in the chat, and tells the creator. Idempotent. */
  async notShown(tx: TenantTx, { id }: OrderRow, why: string, now: Date): Promise<void> {
    const order = await this.orders.lock(tx, id);
    if (order.state !== 'placed' || order.deliveryError === why) return;
    await this.orders.change(tx, order, { deliveryError: why }, { type: 'order.updated' }, now);
  }

  /**
   * Answers a pre-checkout from the database alone, under the order's row lock, and takes a unit of limited stock and a
   * use of the promo code. For an invoice that anyone can pay, an approval creates the order. The same query again gets
   * the same answer and takes nothing twice.
   * @param besides sends the caller's own statements in the round trip of an approval's last ones; not called otherwise
   */
  async approve(
    tx: TenantTx,
    botId: string,
    payload: string,
    query: PreCheckout,
    now: Date,
    besides?: (orderId: string) => Promise<unknown>,
  ): Promise<Approval> {
    const found = await this.find(tx, botId, payload, query, now);
    if (found === undefined) return { ok: false, refusal: 'unknown_order', orderId: undefined };

    const { order, isNew = false, shelf, limitedStock } = found;
    const orderId = isNew ? undefined : order.id;
    if (await this.subscriptions.isRenewal(tx, order, query, now)) return { ok: true, orderId: order.id };
    const refusal = refuseCheckout(order, query, shelf, now);
    const { productId } = order;
    if (refusal !== undefined) return { ok: false, refusal, orderId, productId };
    if (order.approvedQueryId === query.queryId) return { ok: true, orderId: order.id };

    const stock = limitedStock && !order.stockReserved ? await this.products.takeStock(tx, order.productId) : undefined;
    if (stock === 'sold_out') return { ok: false, refusal: 'sold_out', orderId, productId };
    if (order.promoCodeId !== null && !order.promoTaken && !(await this.promos.take(tx, order, now))) {
      if (stock === 'taken') await this.products.returnStock(tx, order.productId);
      return { ok: false, refusal: 'promo_ended', orderId, productId };
    }
    const stockReserved = order.stockReserved || stock === 'taken';
    const promoTaken = order.promoCodeId !== null;
    const approved = { approvedQueryId: query.queryId, approvedAt: now, stockReserved, promoTaken };
    const changes = { state: 'approved', ...approved } as const;
    const fact = { type: 'order.approved' } as const;
    const written = isNew
      ? this.placeApproved(tx, order, changes, fact)
      : this.orders.change(tx, order, changes, fact, now);
    await Promise.all([written, besides?.(order.id)]);
    return { ok: true, orderId: order.id };
  }

  private placeApproved(tx: TenantTx, order: OrderRow, changes: Partial<OrderRow>, fact: OrderFact): Promise<unknown> {
    const event = orderEvent(order, { ...order, ...changes }, fact);
    return Promise.all([this.orders.place(tx, order, changes), this.events.record(tx, event)]);
  }

  private async find(
    tx: TenantTx,
    botId: string,
    payload: string,
    query: PreCheckout,
    now: Date,
  ): Promise<ShelvedOrder | undefined> {
    const offer = offerOf(payload);
    if (offer !== undefined) return this.offers.lockWithShelf(tx, botId, offer, query, now);
    const orderId = parseId('order', payload);
    return orderId === undefined ? undefined : this.orders.lockWithShelf(tx, botId, orderId, now);
  }
}

function refusalToPlace(quote: Quote, placing: Placing): DomainError | undefined {
  if (!isSoldLikeThis(quote.product, placing)) return new UsedByCommand(quote.product);
  if (quote.refusal !== undefined) return new NotForSale(quote.refusal);
  return quote.agreed ? undefined : new NotForSale('terms');
}

function orderFor(
  { tenantId }: TenantTx,
  { product, promo, stars, listStars }: Quote,
  placing: Placing,
  now: Date,
): OrderRow {
  const { botId, buyerId, productId, updateId: placedByUpdate, source = null, arguments: typed = null } = placing;
  const billing = isChargedByPeriod(product.kind) ? 'subscription_start' : 'purchase';
  const price = { priceVersion: product.priceVersion, stars, listStars, promoCodeId: promo?.id ?? null };
  const wanted = { tenantId, botId, buyerId, productId, placedByUpdate, source, arguments: typed };
  return newOrder({ ...wanted, ...price, billing }, now);
}

/** Adds the code's name if it makes the order cheaper. */
function placed(order: OrderRow, { product, promo }: Quote): Placed {
  return { order, product, promoCode: promo?.id === order.promoCodeId ? promo?.code : undefined };
}

/** Stock and limits are checked here, and taken or counted under a lock at the pre-checkout. */
function refusalOf(product: Product, door: Door, now: Date): CheckoutRefusal | undefined {
  const { selling } = door;
  if (!door.open) return 'shop_closed';
  const unsellable = sellable(product, now);
  if (unsellable !== undefined) return unsellable;
  if (selling !== 'open') return WHY_NOT[selling];
  if (door.subscribed) return 'already_subscribed';
  return door.limitReached ? 'limit_reached' : undefined;
}

/** The code, if it is valid for this product and this buyer now; an order without it costs the list price. */
function usable(held: HeldPromo | undefined, product: Product): HeldPromo['promo'] | undefined {
  if (held === undefined || held.problem !== undefined) return undefined;
  if (noPromoFor(product.kind, product.stars) !== undefined) return undefined;
  const { promo } = held;
  return promo.productId === null || promo.productId === product.id ? promo : undefined;
}

const isSoldLikeThis = ({ stars, terms }: Product, { arguments: typed }: Placing) =>
  stars > 0 && (terms.paid_command?.needsArguments !== true || (typed ?? null) !== null);

const priceOf = ({ stars }: Product, promo: HeldPromo['promo'] | undefined) =>
  promo === undefined ? { stars, listStars: null } : { stars: discounted(stars, promo), listStars: stars };
