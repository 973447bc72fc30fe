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

/** Every kind of product, in the order in which they are listed. Everything else that there is of a kind follows from its entry here. */
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

/** Kinds that keep terms in a table of their own, and what they keep. The API shows them as an object that is named after the kind. */
export type TermsByKind = {
  readonly [K in ProductKind as (typeof KINDS)[K] extends TermedKind<infer _>
    ? K
    : never]: (typeof KINDS)[K] extends TermedKind<infer Terms> ? Terms : never;
};
export type TermsKind = keyof TermsByKind;

/** A product has the terms of its kind, and no others. */
export type ProductTerms = { readonly [K in TermsKind]?: TermsByKind[K] | undefined };
/** What a creator says about them; what is left out is as it was, or as it usually is. */
export type TermsInput = { readonly [K in TermsKind]?: Said<TermsByKind[K]> | undefined };
type Said<Terms> = { readonly [P in keyof Terms]?: Terms[P] | undefined };

/** A kind by its name, whatever its terms: those of a product are of its own kind. */
export function kindOf(kind: ProductKind): Kind<object, string> {
  return KINDS[kind];
}

export const hasTerms = (kind: ProductKind): kind is TermsKind => kindOf(kind).usualTerms !== undefined;
export const TERMS_KINDS = PRODUCT_KINDS.filter(hasTerms);

/** Whether each buyer pays in a way of their own, so that no invoice of it can be for everybody. */
export const isPersonal = (kind: ProductKind) => kindOf(kind).personal === true;

/** Whether it is charged again by itself, so that what it costs once it costs for ever. */
export const isChargedByPeriod = (kind: ProductKind) => kindOf(kind).charged === 'by_period';

/** The same of a column that holds a kind, as a condition of SQL. */
export const chargedByPeriod = (column: string) =>
  `${column} in (${PRODUCT_KINDS.filter(isChargedByPeriod)
    .map((kind) => `'${kind}'`)
    .join(', ')})`;

/** Whether Telegram takes the Stars without asking anybody before. */
export const isUnasked = (kind: ProductKind) => kindOf(kind).unasked === true;

/** Whether Telegram's menu of the bot lists products of a kind. @param kind a name that may be none of ours */
export const isInMenu = (kind: unknown) =>
  PRODUCT_KINDS.some((known) => known === kind && kindOf(known).inMenu === true);

const ownTerms = (kind: ProductKind, terms: ProductTerms | TermsInput = {}): object =>
  (hasTerms(kind) ? terms[kind] : undefined) ?? {};

/** The part of a product that depends on its kind. */
export interface KindFacts extends OwnFacts {
  readonly kind: ProductKind;
  readonly terms: ProductTerms;
}

/** The terms as they will be kept, from what is said now and what held before. */
export function termsOf(kind: ProductKind, said: TermsInput | undefined, before?: ProductTerms): ProductTerms {
  if (!hasTerms(kind)) return {};
  const given = Object.entries(ownTerms(kind, said)).filter(([, value]) => value !== undefined);
  const terms: object = { ...kindOf(kind).usualTerms, ...ownTerms(kind, before), ...Object.fromEntries(given) };
  return { [kind]: terms } as ProductTerms;
}

/**
 * What is wrong with the fields and terms that belong to one kind only.
 * @param said the terms that the creator has named
 * @param before those that hold already; undefined for a new product
 */
export function kindProblems(facts: KindFacts, said: TermsInput = {}, before?: ProductTerms): FieldError[] {
  const { kind } = facts;
  const strangers = OWN_FIELDS.filter((field) => !kindOf(kind).fields.includes(field) && VALUES[field](facts) !== null);
  const strangeTerms = TERMS_KINDS.filter((other) => other !== kind && said[other] !== undefined);
  return [
    ...[...strangers, ...strangeTerms].map((path) => ({ path, message: `must be left out: a ${kind} has none` })),
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
    message: 'must stay: an invoice has told of it',
  }));
}

/** The lowest price in whole Stars. */
export const leastStars = (kind: ProductKind, terms: ProductTerms) =>
  kindOf(kind).needsNoStars?.(ownTerms(kind, terms)) === true ? 0 : 1;

/** The name of a term in the API. */
export const fieldName = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** What the buyer is promised beyond the description; undefined also when something is wrong with the product. */
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
