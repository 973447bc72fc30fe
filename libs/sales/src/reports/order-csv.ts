import type { Product } from '#libs/catalog';
import { publicId } from '#libs/kernel';
import type { BuyerRow } from '../buyers/buyer.entity.js';
import type { OrderRow } from '../orders/order.entity.js';
import { END, text } from './csv.js';

interface Named {
  readonly product: Product | undefined;
  readonly buyer: BuyerRow | undefined;
}

const COLUMNS = [
  'time',
  'order_id',
  'payment_state',
  'delivery_state',
  'stars',
  'list_stars',
  'product_id',
  'product',
  'bot_id',
  'buyer_telegram_id',
  'buyer_first_name',
  'buyer_last_name',
  'buyer_username',
  'source',
  'paid_at',
  'delivered_at',
  'refunded_at',
] as const;

/** RFC 4180. */
export const ORDER_CSV_HEADER = `${COLUMNS.join(',')}${END}`;

const timeOf = (at: Date | null) => at?.toISOString() ?? '';

/**
 * One order with the current names of its product and its buyer. Text that a spreadsheet would take for a formula
 * starts with an apostrophe.
 */
export function orderCsvLine(order: OrderRow, { product, buyer }: Named): string {
  const fields = [
    timeOf(order.createdAt),
    publicId('order', order.id),
    order.state,
    order.delivery,
    order.stars,
    order.listStars,
    publicId('product', order.productId),
    text(product?.title ?? null),
    publicId('bot', order.botId),
    order.buyerId,
    text(buyer?.firstName ?? null),
    text(buyer?.lastName ?? null),
    text(buyer?.username ?? null),
    text(order.source),
    timeOf(order.paidAt),
    timeOf(order.deliveredAt),
    timeOf(order.refundedAt),
  ];
  return `${fields.join(',')}${END}`;
}
