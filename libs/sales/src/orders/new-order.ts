import { newUuid } from '#libs/kernel';
import { ORDER_LIFETIME_MS } from './order.js';
import type { OrderRow } from './order.entity.js';

/** The facts that a new order needs. */
type Wanted = Pick<
  OrderRow,
  'tenantId' | 'botId' | 'buyerId' | 'productId' | 'priceVersion' | 'stars' | 'billing' | 'placedByUpdate' | 'source'
> &
  Partial<Pick<OrderRow, 'promoCodeId' | 'listStars' | 'offer' | 'arguments'>>;

/** An unpaid order. It can be paid for {@link ORDER_LIFETIME_MS}. */
export const newOrder = (wanted: Wanted, now: Date): OrderRow => ({
  promoCodeId: null,
  listStars: null,
  offer: null,
  arguments: null,
  ...wanted,
  id: newUuid(now.getTime()),
  state: 'placed',
  delivery: 'none',
  deliveryError: null,
  handoverRound: 1,
  stockReserved: false,
  promoTaken: false,
  approvedQueryId: null,
  approvedAt: null,
  unlockedAt: null,
  receiptAt: null,
  paidAt: null,
  deliveredAt: null,
  refundedAt: null,
  expiresAt: new Date(now.getTime() + ORDER_LIFETIME_MS),
  eventSequence: 0,
  subscriptionId: null,
  reported: null,
  reportedAt: null,
  creditUnit: null,
  creditAmount: null,
  metadata: {},
  createdAt: now,
  updatedAt: now,
});
