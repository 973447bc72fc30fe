import type { FieldError } from '#libs/kernel';
import type { Phrasebook } from '#libs/texts';
import { callback } from './kind-callback.js';
import { chatAccess } from './kind-chat-access.js';
import { credits } from './kind-credits.js';
import { file } from './kind-file.js';
import { licenceKey } from './kind-licence-key.js';
import { link } from './kind-link.js';
import { paidMedia } from './kind-paid-media.js';
import { paidCommand } from './kind-paid-command.js';
import { subscription } from './kind-subscription.js';
import { text } from './kind-text.js';
import type { Kind, OwnFacts, OwnField, TermedKind } from './kind.js';

/** Every kind of product, in the order of listing. Everything else about kinds is derived from this object. */
export const KINDS = {
  text,
  link,
  file,
  credits,
  callback,
  licence_key: licenceKey,
  subscription,
  paid_media: paidMedia,
  paid_command: paidCommand,
  chat_access: chatAccess,
} as const;

export type ProductKind = keyof typeof KINDS;
export const PRODUCT_KINDS = Object.keys(KINDS) as ProductKind[];

/** Kinds with terms in a separate table, and their types. In the API they are an object named after the kind. */
export type TermsByKind = {
  readonly [K in ProductKind as (typeof KINDS)[K] extends TermedKind<infer _>
    ? K
    : never]: (typeof KINDS)[K] extends TermedKind<infer Terms> ? Terms : never;
};
export type TermsKind = keyof TermsByKind;

/** A product has the terms of its own kind only. */
export type ProductTerms = { readonly [K in TermsKind]?: TermsByKind[K] | undefined };
/** A creator's input for the terms; omitted ones keep their value, or get the default. */
export type TermsInput = { readonly [K in TermsKind]?: Said<TermsByKind[K]> | undefined };
type Said<Terms> = { readonly [P in keyof Terms]?: Terms[P] | undefined };

/** Returns a kind by its name. The type of its terms is dropped, because a product's terms always match its kind. */
export function kindOf(kind: ProductKind): Kind<object, string> {
  return KINDS[kind];
}

export const hasTerms = (kind: ProductKind): kind is TermsKind => kindOf(kind).usualTerms !== undefined;
export const TERMS_KINDS = PRODUCT_KINDS.filter(hasTerms);

/** True when each buyer's payment is individual, so that there is no invoice that anyone can pay. */
export const isPersonal = (kind: ProductKind) => kindOf(kind).personal === true;

/** True when it renews automatically, so that a price is charged repeatedly. */
export const isChargedByPeriod = (kind: ProductKind) => kindOf(kind).charged === 'by_period';

/** Returns {@link isChargedByPeriod} as an SQL condition on a column with kinds. */
export const chargedByPeriod = (column: string) =>
  `${column} in (${PRODUCT_KINDS.filter(isChargedByPeriod)
    .map((kind) => `'${kind}'`)
    .join(', ')})`;

/** True when the product's stock is the content of its pool. */
export const isPooled = (kind: ProductKind) => kindOf(kind).pooled === true;

/** True when Telegram takes the Stars without a pre-checkout. */
export const isUnasked = (kind: ProductKind) => kindOf(kind).unasked === true;

/** True when products of a kind are listed in the bot's menu at Telegram. @param kind may be an unknown name */
export const isInMenu = (kind: unknown) =>
  PRODUCT_KINDS.some((known) => known === kind && kindOf(known).inMenu === true);

const ownTerms = (kind: ProductKind, terms: ProductTerms | TermsInput = {}): object =>
  (hasTerms(kind) ? terms[kind] : undefined) ?? {};

/** The facts of a product that depend on its kind. */
export interface KindFacts extends OwnFacts {
  readonly kind: ProductKind;
  readonly terms: ProductTerms;
}

/** The terms to be stored: the input, completed from the previous terms or the defaults. */
export function termsOf(kind: ProductKind, said: TermsInput | undefined, before?: ProductTerms): ProductTerms {
  if (!hasTerms(kind)) return {};
  const given = Object.entries(ownTerms(kind, said)).filter(([, value]) => value !== undefined);
  const terms: object = { ...kindOf(kind).usualTerms, ...ownTerms(kind, before), ...Object.fromEntries(given) };
  return { [kind]: terms } as ProductTerms;
}

/**
 * Problems of the fields and terms that belong to one kind only.
 * @param said the terms in the input
 * @param before the stored terms; undefined for a new product
 */
export function kindProblems(facts: KindFacts, said: TermsInput = {}, before?: ProductTerms): FieldError[] {
  const { kind } = facts;
  const strangers = OWN_FIELDS.filter((field) => !kindOf(kind).fields.includes(field) && VALUES[field](facts) !== null);
  const strangeTerms = TERMS_KINDS.filter((other) => other !== kind && said[other] !== undefined);
  return [
    ...[...strangers, ...strangeTerms].map((path) => ({ path, message: `must be omitted: a ${kind} has none` })),
    ...ownProblems(facts),
    ...(before === undefined ? [] : fixedProblems(facts, before)),
  ];
}

function ownProblems(facts: KindFacts): FieldError[] {
  const { kind, terms } = facts;
  const names = new Set<string>(OWN_FIELDS);
  const found = kindOf(kind).problems(facts, ownTerms(kind, terms));
  return found.map(({ path, message }) => ({ path: names.has(path) ? path : `${kind}.${path}`, message }));
}

function fixedProblems({ kind, terms }: KindFacts, before: ProductTerms): FieldError[] {
  const [then, now] = [before, terms].map((each) => new Map<string, unknown>(Object.entries(ownTerms(kind, each))));
  const changed = (kindOf(kind).fixedTerms ?? []).filter((name) => then?.get(name) !== now?.get(name));
  return changed.map((name) => ({
    path: `${kind}.${fieldName(name)}`,
    message: 'must not change: invoices show it',
  }));
}

/** The lowest price in whole Stars. */
export const leastStars = (kind: ProductKind, terms: ProductTerms) =>
  kindOf(kind).needsNoStars?.(ownTerms(kind, terms)) === true ? 0 : 1;

/** The API's name of a term. */
export const fieldName = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Returns the promise that follows the description; undefined if there is none or the product is invalid. */
export function promiseSentence(facts: KindFacts, words: Phrasebook): string | undefined {
  const { kind, terms } = facts;
  return ownProblems(facts).length > 0 ? undefined : kindOf(kind).promise?.(words, facts, ownTerms(kind, terms));
}

const VALUES: Readonly<Record<OwnField, (own: OwnFacts) => unknown>> = {
  content: (own) => own.content,
  file_id: (own) => own.fileId,
  chat_id: (own) => own.chatId,
  credits: (own) => own.creditUnit ?? own.creditAmount ?? own.creditDays,
  fulfilment_url: (own) => own.fulfilmentUrl,
  fulfilment_deadline_seconds: (own) => own.fulfilmentDeadlineSeconds,
  refund_at_deadline: (own) => own.refundAtDeadline,
};
const OWN_FIELDS = Object.keys(VALUES) as OwnField[];
