import { publicId } from '#libs/kernel';
import { END, text } from './csv.js';

/** One line of a statement: a charge or a refund as it was booked. */
export interface StatementLine {
  readonly bookedAt: Date;
  readonly type: 'charge' | 'refund';
  /** The counterpart of the Stars: `earned` for a sale, including one later made from held money; otherwise `held`. */
  readonly account: string;
  /** Signed: a refund is negative. */
  readonly stars: number;
  readonly orderId: string | null;
  readonly chargeId: string | null;
  readonly telegramChargeId: string | null;
  readonly product: string | null;
  readonly buyerId: number | null;
  /** The promo code's discount on the charged sale; 0 for a refund. */
  readonly givenAway: number;
}

const COLUMNS = [
  'time',
  'type',
  'account',
  'stars',
  'order_id',
  'charge_id',
  'telegram_payment_charge_id',
  'product',
  'buyer_telegram_id',
  'given_away',
] as const;

/** RFC 4180. */
export const CSV_HEADER = `${COLUMNS.join(',')}${END}`;

export function csvLine(line: StatementLine): string {
  const order = line.orderId === null ? '' : publicId('order', line.orderId);
  const charge = line.chargeId === null ? '' : publicId('charge', line.chargeId);
  const ours = [line.bookedAt.toISOString(), line.type, line.account, line.stars, order, charge];
  const theirs = [text(line.telegramChargeId), text(line.product), line.buyerId ?? '', line.givenAway];
  return `${ours.join(',')},${theirs.join(',')}${END}`;
}
