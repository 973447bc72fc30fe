/**
 * The reason why a report cannot be recorded. `currency`: not Stars, so from the bot's earlier business elsewhere.
 * `amount`, `payer`, `charge`, `date`: impossible or missing.
 */
export const STRAY_REASONS = ['currency', 'amount', 'payer', 'charge', 'date'] as const;
export type StrayReason = (typeof STRAY_REASONS)[number];

export const STRAY_KINDS = ['successful_payment', 'refunded_payment'] as const;
export type StrayKind = (typeof STRAY_KINDS)[number];

/** The parts of Telegram's report that can be stored. */
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
  currency: 'It is not in Stars, so it was not made for anything that is sold here. Starwall does not book it.',
  amount: 'The amount is impossible. If the payment was made, reconciliation with Telegram’s list will record it.',
  payer: 'The payer is missing. If the payment was made, reconciliation with Telegram’s list will record it.',
  charge: 'The charge is missing. If the payment was made, reconciliation with Telegram’s list will record it.',
  date: 'Its dates are not valid. If the payment was made, reconciliation with Telegram’s list will record it.',
};

/** The explanation for the creator. */
export const strayWords = (reason: StrayReason) => WORDS[reason];
