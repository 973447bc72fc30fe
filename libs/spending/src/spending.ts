import { createHash } from 'node:crypto';
import { DomainError, mayMove, MINUTE, type Moves, starsInWords } from '#libs/kernel';

/** Actions that move Stars: giving, transferring or converting. */
export const SPENDING_KINDS = [
  'gift',
  'premium',
  'star_transfer',
  'gift_conversion',
  'gift_upgrade',
  'gift_transfer',
] as const;
export type SpendingKind = (typeof SPENDING_KINDS)[number];

export const SPENDING_STATES = ['begun', 'done', 'refused', 'unknown'] as const;
export type SpendingState = (typeof SPENDING_STATES)[number];

export const SPENDING_MOVES: Moves<SpendingState> = {
  begun: ['done', 'refused', 'unknown'],
  // The response was lost. Only Telegram's list can show the outcome, for calls that it lists; the call is never
  // repeated.
  unknown: ['done', 'refused'],
  done: [],
  // Nothing has happened, so the same request may be sent again.
  refused: ['begun'],
};

/** Maximum duration of a call. An older one was interrupted, and its outcome is unknown. */
export const CUT_OFF_MS = 10 * MINUTE;

/** The longest time until Telegram's list shows a transaction. */
export const LISTED_WITHIN_MS = 5 * MINUTE;

/** The source of the Stars. `none`: something is converted into Stars. */
export const PAYER_KINDS = ['bot', 'business_account', 'none'] as const;
export type Payer = (typeof PAYER_KINDS)[number];

export const PAYERS: Readonly<Record<SpendingKind, Payer>> = {
  gift: 'bot',
  premium: 'bot',
  star_transfer: 'business_account',
  gift_conversion: 'none',
  gift_upgrade: 'business_account',
  gift_transfer: 'business_account',
};

/** Telegram's listing of it among the bot's transactions; undefined when it affects only the account. */
export const LISTED: Readonly<
  Partial<Record<SpendingKind, { readonly kind: string; readonly direction: 'in' | 'out' }>>
> = {
  gift: { kind: 'gift_purchase', direction: 'out' },
  premium: { kind: 'premium_purchase', direction: 'out' },
  star_transfer: { kind: 'business_account_transfer', direction: 'in' },
};

/** Telegram's prices (Bot API, giftPremiumSubscription): Stars by months. */
export const PREMIUM = { 3: 1_000, 6: 1_500, 12: 2_500 } as const;
export type PremiumMonths = keyof typeof PREMIUM;

/** The cost, which is known before the call. */
export interface Quote {
  /** Stars to be spent. */
  readonly stars: number;
  /** Stars received in exchange. */
  readonly gains?: number | undefined;
}

/** The limits and confirmation given by the caller. */
export interface Consent {
  readonly confirm: boolean;
  /** The maximum Stars to spend, a whole number; 0 if nothing may be spent. */
  readonly maxStars: number;
  /** For a conversion: the minimum Stars to receive, a whole number. */
  readonly minGain?: number | undefined;
}

/**
 * Checks the caller's limits and confirmation before anything is done. @throws CeilingExceeded, ConfirmationRequired
 */
export function assertConsent(kind: SpendingKind, { stars, gains = 0 }: Quote, consent: Consent): void {
  if (stars > consent.maxStars)
    throw new CeilingExceeded(`It costs ${starsInWords(stars)}, and max_stars is ${consent.maxStars}`);
  const least = consent.minGain ?? 0;
  if (gains < least) throw new CeilingExceeded(`It brings ${starsInWords(gains)}, and min_stars is ${least}`);
  if (!consent.confirm) throw new ConfirmationRequired(sentence(kind, { stars, gains }));
}

function sentence(kind: SpendingKind, { stars, gains = 0 }: Quote): string {
  const payer = PAYERS[kind];
  if (payer === 'none') return `This would convert a gift into ${starsInWords(gains)}`;
  return `This would spend ${starsInWords(stars)} ${payer === 'bot' ? "of the bot's balance" : 'of the business account'}`;
}

/** Returns a fingerprint: requests with the same one are the same. */
export const fingerprintOf = (kind: SpendingKind, botId: string, facts: object): Buffer =>
  createHash('sha256')
    .update(JSON.stringify([kind, botId, Object.entries(facts).toSorted(([a], [b]) => (a < b ? -1 : 1))]))
    .digest();

/** @throws Error for a move that the table does not allow: a bug, which must roll back its transaction */
export function assertSpendingMove(from: SpendingState, to: SpendingState): void {
  if (!mayMove(SPENDING_MOVES, from, to)) throw new Error(`a spending that is ${from} cannot become ${to}`);
}

export class ConfirmationRequired extends DomainError {
  static readonly code = 'confirmation_required';
  static readonly refusal = 'conflict';
  readonly remedy = 'Nothing was done. Send the same request with `confirm: true` if this is what you want.';

  constructor(what: string) {
    super(`${what}, and cannot be undone.`);
  }
}

export class CeilingExceeded extends DomainError {
  static readonly code = 'ceiling_exceeded';
  static readonly refusal = 'conflict';
  readonly remedy = 'Nothing was done. Check the price, and send a limit that allows it if you still want it.';

  constructor(what: string) {
    super(`${what}.`);
  }
}

export class SpendingUnderWay extends DomainError {
  static readonly code = 'spending_under_way';
  static readonly refusal = 'conflict';
  readonly remedy = 'Wait a moment and look at GET /v1/spendings: it shows the outcome.';

  constructor() {
    super('A request with this Idempotency-Key is in progress.');
  }
}
