import { isChargedByPeriod, type ProductKind } from '#libs/catalog';
import { DomainError, type FieldError, HOUR, type Stars, stars } from '#libs/kernel';

export const PROMO_STATES = ['active', 'archived'] as const;
export type PromoState = (typeof PROMO_STATES)[number];

/** A code in its stored form. */
export const PROMO_CODE = /^[A-Z0-9_-]{3,32}$/;
export const MAX_STARS_OFF = 1_000_000;
export const MAX_USES = 1_000_000_000;

/** Number of unknown codes that one buyer may type within {@link GUESS_WINDOW_MS}; beyond that they are guessing. */
export const MAX_GUESSES = 10;
export const GUESS_WINDOW_MS = HOUR;

/** A code's discount, and where, when and how often it applies. */
export interface Promo {
  /** For this product only; null for the whole bot. */
  readonly productId: string | null;
  /** 1 to 100; else whole Stars. One of the two is null. */
  readonly percentOff: number | null;
  readonly starsOff: number | null;
  readonly maxUses: number | null;
  readonly maxUsesPerBuyer: number | null;
  /** Inclusive. */
  readonly startsAt: Date | null;
  /** Exclusive. */
  readonly endsAt: Date | null;
  readonly state: PromoState;
  /** Orders that are paid, or about to be, with this code. */
  readonly uses: number;
}

/** The reason why a code is not valid now. */
export type PromoProblem = 'ended' | 'not_yet' | 'used_up' | 'used_by_buyer';

/** Returns the code in upper case; undefined if the text cannot be a code. */
export function promoCodeOf(typed: string): string | undefined {
  const code = typed.trim().toUpperCase();
  return PROMO_CODE.test(code) ? code : undefined;
}

/**
 * Returns the discounted price: whole Stars, rounded in the buyer's favour, at least one, because Telegram does not
 * allow an invoice for zero.
 */
export function discounted(list: Stars, { percentOff, starsOff }: Pick<Promo, 'percentOff' | 'starsOff'>): Stars {
  const off = percentOff === null ? (starsOff ?? 0) : Math.ceil((list * percentOff) / 100);
  return stars(Math.max(1, list - off));
}

/** Returns the reason why such a product cannot have a code, as the end of a sentence; undefined if it can. */
export function noPromoFor(kind: ProductKind, price: Stars): string | undefined {
  // Telegram would charge the lower price with every renewal.
  if (isChargedByPeriod(kind)) return 'must not be a subscription: every renewal would be discounted';
  return price === 0 ? 'must not be a product without a price in Stars' : undefined;
}

/** @param usesOfBuyer this buyer's current number of uses */
export function promoProblem(promo: Promo, usesOfBuyer: number, now: Date): PromoProblem | undefined {
  if (promo.state !== 'active' || (promo.endsAt !== null && now >= promo.endsAt)) return 'ended';
  if (promo.startsAt !== null && now < promo.startsAt) return 'not_yet';
  if (promo.maxUses !== null && promo.uses >= promo.maxUses) return 'used_up';
  if (promo.maxUsesPerBuyer !== null && usesOfBuyer >= promo.maxUsesPerBuyer) return 'used_by_buyer';
  return undefined;
}

export class InvalidPromoCode extends DomainError {
  static readonly code = 'invalid_promo_code';
  static readonly refusal = 'invalid';
  readonly remedy = 'Correct the fields named in `errors`.';

  constructor(override readonly errors: readonly FieldError[]) {
    super('The promo code is not valid.');
  }
}

export class PromoCodeTaken extends DomainError {
  static readonly code = 'promo_code_taken';
  static readonly refusal = 'conflict';
  readonly remedy = 'Choose another code, or change and reactivate the existing one: GET /v1/promo-codes lists it.';

  constructor() {
    super('This bot already has such a code.');
  }
}
