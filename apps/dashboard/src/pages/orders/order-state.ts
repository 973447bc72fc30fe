import type { Schema } from '#libs/client';
import type { CoinName } from '../../parts/coin';

type Order = Schema<'Order'>;

export const COINS: Readonly<Record<Order['status'], CoinName>> = {
  placed: 'placed',
  approved: 'approved',
  paid: 'paid',
  unlocked: 'paid',
  delivering: 'delivering',
  delivered: 'delivered',
  delivery_failed: 'failed',
  refunded: 'refunded',
  expired: 'expired',
  cancelled: 'cancelled',
};

/** True if it can still be refunded. */
export const isRefundable = ({ payment_state: state, billing }: Order) => state === 'paid' && billing !== 'credits';

/** True if it can still be cancelled. */
export const isUnpaid = ({ payment_state: state }: Order) => state === 'placed' || state === 'approved';

/** A buyer's name. Every Telegram user has a first name; an erased buyer has none. */
export function nameOf(order: Pick<Schema<'OrderDetails'>, 'buyer' | 'buyer_telegram_id'>): string | undefined {
  const buyer: Schema<'Buyer'> | undefined = order.buyer;
  const name = [buyer?.first_name, buyer?.last_name].filter(Boolean).join(' ');
  return name === '' ? undefined : name;
}
