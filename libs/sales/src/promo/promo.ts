import { isChargedByPeriod, type ProductKind } from '#libs/catalog';
import { DomainError, type FieldError, HOUR, type Stars, stars } from '#libs/kernel';

export const PROMO_STATES = ['active', 'archived'] as const;
export type PromoState = (typeof PROMO_STATES)[number];

/** A code as it is kept. */
export const PROMO_CODE = /^[A-Z0-9_-]{3,32}$/;
export const MAX_STARS_OFF = 1_000_000;
export const MAX_USES = 1_000_000_000;

/** Codes that there are not, which one buyer may type within {@link GUESS_WINDOW_MS}: whoever types more is guessing. */
export const MAX_GUESSES = 10;
export const GUESS_WINDOW_MS = HOUR;

/** What a code takes off, and where, when and how often. */
export interface Promo {
  /** For this product only; null for all of the bot. */
  readonly productId: string | null;
  /** 1 to 100; else whole Stars. One of the two is null. */
  readonly percentOff: number | null;
  readonly starsOff: number | null;
  readonly maxUses: number | null;
  readonly maxUsesPerBuyer: number | null;
  /** First moment. */
  readonly startsAt: Date | null;
  /** First moment after. */
  readonly endsAt: Date | null;
  readonly state: PromoState;
  /** Orders that are paid, or about to be, at this code. */
  readonly uses: number;
}

/** Why a code is worth nothing now. */
export type PromoProblem = 'ended' | 'not_yet' | 'used_up' | 'used_by_buyer';

/** Codes are written in capitals, however they were typed; undefined when it cannot be one. */
export function promoCodeOf(typed: string): string | undefined {
  const code = typed.trim().toUpperCase();
  return PROMO_CODE.test(code) ? code : undefined;
}

/** The price with a code: whole Stars, rounded in the buyer's favour, and never less than one, for Telegram sends no invoice of nothing. */
export function discounted(list: Stars, { percentOff, starsOff }: Pick<Promo, 'percentOff' | 'starsOff'>): Stars {
  const off = percentOff === null ? (starsOff ?? 0) : Math.ceil((list * percentOff) / 100);
  return stars(Math.max(1, list - off));
}

/** Why no code can be made for such a product, as the end of a sentence; undefined when one can. */
export function noPromoFor(kind: ProductKind, price: Stars): string | undefined {
  // Telegram would take the lower price with every renewal.
  if (isChargedByPeriod(kind)) return 'must not be a subscription: its price would be lower for ever';
  return price === 0 ? 'must not be a product that costs no Stars' : undefined;
}

/** @param usesOfBuyer how often this buyer holds a use of it */
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
    super('The promo code cannot be saved like this.');
  }
}

export class PromoCodeTaken extends DomainError {
  static readonly code = 'promo_code_taken';
  static readonly refusal = 'conflict';
  readonly remedy = 'Choose another code, or change and activate the one that there is: GET /v1/promo-codes lists it.';

  constructor() {
    super('This bot has such a code already.');
  }
}
