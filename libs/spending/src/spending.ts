import { createHash } from 'node:crypto';
import { DomainError, mayMove, MINUTE, type Moves, starsInWords } from '#libs/kernel';

/** What a creator may have a bot do that moves Stars: give away, take over, or turn one thing into another. */
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
  // The answer got lost. Only Telegram's list tells, for what stands in it; the call is never made again.
  unknown: ['done', 'refused'],
  done: [],
  // Nothing has happened, so the same request may be sent again.
  refused: ['begun'],
};

/** How long a call may be under way. What was begun before was cut off, and nobody knows how it ended. */
export const CUT_OFF_MS = 10 * MINUTE;

/** How long Telegram's list may take to show what has happened. */
export const LISTED_WITHIN_MS = 5 * MINUTE;

/** Where the Stars come from. `none`: something is given up for Stars. */
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

/** How Telegram lists it among the bot's transactions; undefined for what happens in the account alone. */
export const LISTED: Readonly<
  Partial<Record<SpendingKind, { readonly kind: string; readonly direction: 'in' | 'out' }>>
> = {
  gift: { kind: 'gift_purchase', direction: 'out' },
  premium: { kind: 'premium_purchase', direction: 'out' },
  star_transfer: { kind: 'business_account_transfer', direction: 'in' },
};

/** Telegram's price list (Bot API, giftPremiumSubscription): Stars by months. */
export const PREMIUM = { 3: 1_000, 6: 1_500, 12: 2_500 } as const;
export type PremiumMonths = keyof typeof PREMIUM;

/** What it comes to, known before anything is done. */
export interface Quote {
  /** Stars that are spent. */
  readonly stars: number;
  /** Stars that are got for what is given up. */
  readonly gains?: number | undefined;
}

/** What the one who asks has said about it. */
export interface Consent {
  readonly confirm: boolean;
  /** Whole Stars at most; 0 when nothing may be spent. */
  readonly maxStars: number;
  /** For what is given up: whole Stars at least. */
  readonly minGain?: number | undefined;
}

/** @throws CeilingExceeded, ConfirmationRequired: then nothing is done */
export function assertConsent(kind: SpendingKind, { stars, gains = 0 }: Quote, consent: Consent): void {
  if (stars > consent.maxStars)
    throw new CeilingExceeded(`It costs ${starsInWords(stars)}, and max_stars is ${consent.maxStars}`);
  const least = consent.minGain ?? 0;
  if (gains < least) throw new CeilingExceeded(`It brings ${starsInWords(gains)}, and min_stars is ${least}`);
  if (!consent.confirm) throw new ConfirmationRequired(sentence(kind, { stars, gains }));
}

function sentence(kind: SpendingKind, { stars, gains = 0 }: Quote): string {
  const payer = PAYERS[kind];
  if (payer === 'none') return `This would give a gift up for ${starsInWords(gains)}`;
  return `This would spend ${starsInWords(stars)} ${payer === 'bot' ? "of the bot's balance" : 'of the business account'}`;
}

/** What makes two requests the same. */
export const fingerprintOf = (kind: SpendingKind, botId: string, facts: object): Buffer =>
  createHash('sha256')
    .update(JSON.stringify([kind, botId, Object.entries(facts).toSorted(([a], [b]) => (a < b ? -1 : 1))]))
    .digest();

/** @throws Error for a move that the table does not know: a bug, which must undo its transaction */
export function assertSpendingMove(from: SpendingState, to: SpendingState): void {
  if (!mayMove(SPENDING_MOVES, from, to)) throw new Error(`a spending that is ${from} cannot become ${to}`);
}

export class ConfirmationRequired extends DomainError {
  static readonly code = 'confirmation_required';
  static readonly refusal = 'conflict';
  readonly remedy = 'Nothing was done. Send the same request with `confirm: true` if this is what you want.';

  constructor(what: string) {
    super(`${what}, and it cannot be taken back.`);
  }
}

export class CeilingExceeded extends DomainError {
  static readonly code = 'ceiling_exceeded';
  static readonly refusal = 'conflict';
  readonly remedy = 'Nothing was done. Look at the price, and send a limit that allows it if you still want it.';

  constructor(what: string) {
    super(`${what}.`);
  }
}

export class SpendingUnderWay extends DomainError {
  static readonly code = 'spending_under_way';
  static readonly refusal = 'conflict';
  readonly remedy = 'Wait a moment and look at GET /v1/spendings: it says what became of it.';

  constructor() {
    super('A request with this Idempotency-Key is being worked on.');
  }
}
