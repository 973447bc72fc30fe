/**
 * Why a report of money cannot be on the books. `currency`: not Stars, so of a business that the bot had before it came here. `amount`,
 * `payer`, `charge`, `date`: no payment has such a one, or it was not told.
 */
export const STRAY_REASONS = ['currency', 'amount', 'payer', 'charge', 'date'] as const;
export type StrayReason = (typeof STRAY_REASONS)[number];

export const STRAY_KINDS = ['successful_payment', 'refunded_payment'] as const;
export type StrayKind = (typeof STRAY_KINDS)[number];

/** What Telegram reported, as far as it can be kept. */
export interface StrayPayment {
  readonly botId: string;
  readonly updateId: number;
  readonly kind: StrayKind;
  readonly reason: StrayReason;
  readonly telegramChargeId: string | null;
  readonly currency: string | null;
  /** In digits. In the smallest units of the currency. */
  readonly amount: string | null;
  readonly buyerId: number | null;
  readonly payload: string | null;
  readonly occurredAt: Date | null;
}

const WORDS: Readonly<Record<StrayReason, string>> = {
  currency: 'It is not in Stars, so it was not made for anything that is sold here. It is on no books of Starwall.',
  amount: 'No payment has such an amount. If it was made, the comparison with Telegram’s list will record it.',
  payer: 'It does not say who paid. If it was made, the comparison with Telegram’s list will record it.',
  charge:
    'It does not say which charge it is about. If it was made, the comparison with Telegram’s list will record it.',
  date: 'Its dates cannot be read. If it was made, the comparison with Telegram’s list will record it.',
};

/** What the creator reads about it. */
export const strayWords = (reason: StrayReason) => WORDS[reason];
