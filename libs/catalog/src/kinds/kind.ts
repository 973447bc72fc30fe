import type { FieldError } from '#libs/kernel';
import type { Phrasebook } from '#libs/texts';

/** What only products of some kinds have, in columns of the product: null for all others. */
export interface OwnFacts {
  /** What the buyer receives: the text, or the address of the link. */
  readonly content: string | null;
  /** The file that the buyer receives. */
  readonly fileId: string | null;
  /** The chat that opens. Never changed: a buyer was promised that one. */
  readonly chatId: string | null;
  /** What credits are counted in, 1 to 32 characters of a-z 0-9 _ -. A pack never changes once it is saved. */
  readonly creditUnit: string | null;
  /** How many credits, 1 to MAX_CREDITS. */
  readonly creditAmount: number | null;
  /** Days for which they are good, 1 to MAX_CREDIT_DAYS; null for ever. */
  readonly creditDays: number | null;
  /** Where the creator's server is asked for the goods of a paid order. */
  readonly fulfilmentUrl: string | null;
  /** Seconds from the payment until the goods must be there. Never changed: an invoice has told of it. */
  readonly fulfilmentDeadlineSeconds: number | null;
  /** Whether the Stars go back by themselves when they are not. Never changed either. */
  readonly refundAtDeadline: boolean | null;
}

/** What a creator says about them. */
export type OwnInput = { readonly [K in keyof OwnFacts]?: OwnFacts[K] | undefined };

/** Those facts as fields of the API. */
export type OwnField =
  | 'content'
  | 'file_id'
  | 'chat_id'
  | 'credits'
  | 'fulfilment_url'
  | 'fulfilment_deadline_seconds'
  | 'refund_at_deadline';

/**
 * All that is special about one kind of product, without I/O. What is kept of it is kept in columns of the product or in a table of
 * the kind's own, `Terms` being a row of that; who hands it over is for delivery to say.
 */
export interface Kind<Terms extends object = object, Name extends string = keyof Terms & string> {
  /** Whether one payment buys it, or it is charged again by itself every period. */
  readonly charged: 'once' | 'by_period';
  /** How its card says that the buyer gets it. */
  readonly cardPromise: (product: OwnFacts) => CardPromise;
  /** What it has of the fields that not all products have. The rest must be left out. */
  readonly fields: readonly OwnField[];
  /** What holds where a creator says nothing. */
  readonly usual?: Partial<OwnFacts>;
  readonly usualTerms?: Partial<Terms> | undefined;
  /** Terms that never change once they are saved, because an invoice has told of them. */
  readonly fixedTerms?: readonly Name[];
  /** Whole Stars at most, where Telegram takes fewer than the catalogue. */
  readonly maxStars?: number;
  /** Whether something else than Stars may pay for it, so that its price may be 0. */
  needsNoStars?(terms: Partial<Terms>): boolean;
  /** Its stock is what its pool holds, and nothing that a creator could say. */
  readonly pooled?: true;
  /** Telegram takes the Stars without asking first, so nothing could be counted: no stock, no limit per buyer. */
  readonly unasked?: true;
  /** Telegram's menu of the bot lists it. */
  readonly inMenu?: true;
  /** Each buyer pays in a way of their own, so no invoice of it can be paid by anybody. */
  readonly personal?: true;
  /** What is wrong, by field of the API; a field of its terms has its own name only. Nothing is thrown, whatever is missing. */
  problems(product: OwnFacts, terms: Partial<Terms>): readonly FieldError[];
  /** What the buyer is promised, under the description on the invoice. Asked only when there are no problems. */
  promise?(words: Phrasebook, product: OwnFacts, terms: Terms): string | undefined;
}

/** A kind with terms of its own, which are kept in a table of their own. */
export interface TermedKind<Terms extends object> extends Kind<Terms> {
  readonly usualTerms: Partial<Terms>;
}

/** Sentences of the card. The plain one may be in the creator's own words, and is then used for every kind. */
export type CardPromise = 'card.promise' | `card.promise_${'balance' | 'later' | 'chat' | 'subscription'}`;

/** The card of what is handed over at once. */
export const atOnce = (): CardPromise => 'card.promise';

/** A problem of one field, if there is one. */
export const problem = (path: string, message: string | undefined): FieldError[] =>
  message === undefined ? [] : [{ path, message }];

/** What is wrong with a number that has to be whole; undefined when nothing is. */
export function wholeProblem(n: number, min: number, max: number): string | undefined {
  return Number.isSafeInteger(n) && n >= min && n <= max ? undefined : `must be a whole number from ${min} to ${max}`;
}
