import type { FieldError } from '#libs/kernel';
import type { Phrasebook } from '#libs/texts';

/** Facts that only some kinds of products have, stored in columns of the product; null for all other kinds. */
export interface OwnFacts {
  /** The text that the buyer receives, or the address of the link. */
  readonly content: string | null;
  /** The file that the buyer receives. */
  readonly fileId: string | null;
  /** The chat that the product opens. Immutable, because it was promised to buyers. */
  readonly chatId: string | null;
  /** The unit of credits, 1 to 32 characters of a-z 0-9 _ -. A saved pack never changes. */
  readonly creditUnit: string | null;
  /** Number of credits, 1 to MAX_CREDITS. */
  readonly creditAmount: number | null;
  /** Validity of the credits in days, 1 to MAX_CREDIT_DAYS; null: no expiry. */
  readonly creditDays: number | null;
  /** The address at which the creator's server is asked for the goods of a paid order. */
  readonly fulfilmentUrl: string | null;
  /** Seconds from the payment to the deadline for the goods. Immutable, because invoices show it. */
  readonly fulfilmentDeadlineSeconds: number | null;
  /** True when Stars are refunded automatically after the deadline. Also immutable. */
  readonly refundAtDeadline: boolean | null;
}

/** The same facts as a creator's input. */
export type OwnInput = { readonly [K in keyof OwnFacts]?: OwnFacts[K] | undefined };

/** The same facts as fields of the API. */
export type OwnField =
  | 'content'
  | 'file_id'
  | 'chat_id'
  | 'credits'
  | 'fulfilment_url'
  | 'fulfilment_deadline_seconds'
  | 'refund_at_deadline';

/**
 * Everything specific to one kind of product, without I/O. Its data is in columns of the product or in a separate
 * table, whose row is `Terms`; delivery is handled by the library of that name.
 */
export interface Kind<Terms extends object = object, Name extends string = keyof Terms & string> {
  /** `by_period`: Telegram charges again every period. */
  readonly charged: 'once' | 'by_period';
  /** The promise about delivery on its card. */
  readonly cardPromise: (product: OwnFacts) => CardPromise;
  /** The fields that this kind uses among those that are specific to kinds. The others must be omitted. */
  readonly fields: readonly OwnField[];
  /** Default values. */
  readonly usual?: Partial<OwnFacts>;
  readonly usualTerms?: Partial<Terms> | undefined;
  /** Terms that are immutable once saved, because invoices show them. */
  readonly fixedTerms?: readonly Name[];
  /** Maximum price in whole Stars, if Telegram's is lower than the catalogue's. */
  readonly maxStars?: number;
  /** True when it can be paid for without Stars, so that its price may be 0. */
  needsNoStars?(terms: Partial<Terms>): boolean;
  /** Its stock is determined by its pool and cannot be set by the creator. */
  readonly pooled?: true;
  /** Telegram takes the Stars without asking first, so there can be no stock and no limit per buyer. */
  readonly unasked?: true;
  /** It is listed in the bot's menu at Telegram. */
  readonly inMenu?: true;
  /** Each buyer's payment is individual, so there is no invoice that anyone can pay. */
  readonly personal?: true;
  /**
   * Returns problems by field of the API; fields of its terms have their bare names. Never throws, even if data is
   * missing.
   */
  problems(product: OwnFacts, terms: Partial<Terms>): readonly FieldError[];
  /** The promise to the buyer, below the description on the invoice. Called only when there are no problems. */
  promise?(words: Phrasebook, product: OwnFacts, terms: Terms): string | undefined;
}

/** A kind with terms, which are stored in a separate table. */
export interface TermedKind<Terms extends object> extends Kind<Terms> {
  readonly usualTerms: Partial<Terms>;
}

/** Sentences on the card. A creator's wording of `card.promise` replaces all of them. */
export type CardPromise = 'card.promise' | `card.promise_${'balance' | 'later' | 'chat' | 'subscription'}`;

/** The card's promise for goods that are delivered immediately. */
export const atOnce = (): CardPromise => 'card.promise';

/** The problem of one field as a list, possibly empty. */
export const problem = (path: string, message: string | undefined): FieldError[] =>
  message === undefined ? [] : [{ path, message }];

/** Returns the problem with a number that must be whole; undefined if there is none. */
export function wholeProblem(n: number, min: number, max: number): string | undefined {
  return Number.isSafeInteger(n) && n >= min && n <= max ? undefined : `must be a whole number from ${min} to ${max}`;
}
