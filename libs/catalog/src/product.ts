import {
  CREDIT_UNIT,
  creditsInWords,
  DomainError,
  type FieldError,
  MAX_CREDIT_DAYS,
  MAX_CREDITS,
  type Moves,
  type Stars,
  stars,
} from '#libs/kernel';
import {
  type Callback,
  type CallbackInput,
  callbackOf,
  callbackProblems,
  promiseSentence,
} from './product-callback.js';
import { CONTENT, DESCRIPTION, LINK, linkProblem, TITLE } from './product-text.js';
import { normalText, type TextRule, textProblem } from './text.js';

export const PRODUCT_KINDS = ['text', 'link', 'file', 'credits', 'callback'] as const;
export type ProductKind = (typeof PRODUCT_KINDS)[number];

export const PRODUCT_STATES = ['draft', 'active', 'archived'] as const;
export type ProductState = (typeof PRODUCT_STATES)[number];

/** Nothing becomes a draft again: it may have been sold. */
export const PRODUCT_MOVES: Moves<ProductState> = {
  draft: ['active', 'archived'],
  active: ['archived'],
  archived: ['active'],
};

/**
 * Telegram publishes no maximum for a one-off invoice in Stars (25,000 for paid media, 10,000 for a subscription) and answers
 * CURRENCY_TOTAL_AMOUNT_INVALID when it minds. This is ours: a price above it is a slip of the finger.
 */
export const MAX_PRICE = 1_000_000;
export const MAX_STOCK = 1_000_000_000;
export const MAX_POSITION = 1_000_000;

/** What a creator may say about a product. What is left out has no value, or the value that is named. */
export interface ProductInput extends CallbackInput {
  readonly kind: ProductKind;
  readonly title: string;
  readonly description: string;
  /** Whole Stars, 1 to {@link MAX_PRICE}. */
  readonly stars: number;
  /** What the buyer receives: the text, or the address of the link. */
  readonly content?: string | null | undefined;
  /** What the buyer receives, for the kind `file`. */
  readonly fileId?: string | null | undefined;
  /** For the kind `credits`: what they are counted in, 1 to 32 characters of a-z 0-9 _ -. A pack never changes once it is saved. */
  readonly creditUnit?: string | null | undefined;
  /** For the kind `credits`: how many, 1 to MAX_CREDITS. */
  readonly creditAmount?: number | null | undefined;
  /** For the kind `credits`: days for which they are good, 1 to MAX_CREDIT_DAYS; null for ever. */
  readonly creditDays?: number | null | undefined;
  /** Units left; null is without end. */
  readonly stock?: number | null | undefined;
  readonly limitPerBuyer?: number | null | undefined;
  /** First moment of the sale. */
  readonly saleStartsAt?: Date | null | undefined;
  /** First moment after the sale. */
  readonly saleEndsAt?: Date | null | undefined;
  /** Place in the shop, lowest first; 0. */
  readonly position?: number | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

export interface ProductFacts extends Callback {
  readonly kind: ProductKind;
  readonly title: string;
  readonly description: string;
  readonly stars: Stars;
  readonly content: string | null;
  readonly fileId: string | null;
  readonly creditUnit: string | null;
  readonly creditAmount: number | null;
  readonly creditDays: number | null;
  readonly stock: number | null;
  readonly limitPerBuyer: number | null;
  readonly saleStartsAt: Date | null;
  readonly saleEndsAt: Date | null;
  readonly position: number;
  readonly metadata: Readonly<Record<string, string>>;
}

/** A product that could not be sold as it is described. `errors` name the fields as the API does. */
export class InvalidProduct extends DomainError {
  readonly code = 'invalid_product';
  readonly refusal = 'invalid';
  readonly remedy = 'Correct the fields named in `errors`. Most limits are those of Telegram invoices.';

  constructor(override readonly errors: readonly FieldError[]) {
    super('The product cannot be saved like this.');
  }
}

/** The facts of a product, texts normalised. @throws InvalidProduct that lists everything that is wrong */
export function productOf(input: ProductInput): ProductFacts {
  const facts = {
    kind: input.kind,
    title: normalText(input.title).trim(),
    description: normalText(input.description).trim(),
    content: contentOf(input),
    fileId: input.fileId ?? null,
    creditUnit: input.creditUnit ?? null,
    creditAmount: input.creditAmount ?? null,
    creditDays: input.creditDays ?? null,
    ...callbackOf(input.kind, input),
    stock: input.stock ?? null,
    limitPerBuyer: input.limitPerBuyer ?? null,
    saleStartsAt: input.saleStartsAt ?? null,
    saleEndsAt: input.saleEndsAt ?? null,
    position: input.position ?? 0,
    metadata: input.metadata ?? {},
  };
  const problems: Array<readonly [path: string, problem: string | undefined]> = [
    ['title', textProblem(facts.title, TITLE)],
    ['description', textProblem(facts.description, descriptionRule(facts))],
    ['stars', wholeProblem(input.stars, 1, MAX_PRICE)],
    ['content', contentProblem(facts.kind, facts.content)],
    ['file_id', fileProblem(facts.kind, facts.fileId)],
    ['credits', creditsProblem(facts)],
    ...callbackProblems(facts.kind, facts),
    ['stock', facts.stock === null ? undefined : wholeProblem(facts.stock, 0, MAX_STOCK)],
    ['limit_per_buyer', facts.limitPerBuyer === null ? undefined : wholeProblem(facts.limitPerBuyer, 1, MAX_STOCK)],
    ['sale_ends_at', windowProblem(facts.saleStartsAt, facts.saleEndsAt)],
    ['position', wholeProblem(facts.position, -MAX_POSITION, MAX_POSITION)],
    ['metadata', metadataProblem(facts.metadata)],
  ];
  const errors = problems.flatMap(([path, message]) => (message === undefined ? [] : [{ path, message }]));
  if (errors.length > 0) throw new InvalidProduct(errors);
  return { ...facts, stars: stars(input.stars) };
}

/** Why a product cannot be sold; a draft counts as archived. Undefined: it can. */
export type Unsellable = 'archived' | 'not_yet' | 'ended' | 'sold_out';

/**
 * Whether one more unit may be sold now. The buyer's own limit is not looked at, and stock may be gone a moment later: what
 * decides is {@link ProductService.takeStock}.
 */
export function sellable(
  product: Pick<ProductFacts, 'saleStartsAt' | 'saleEndsAt' | 'stock'> & { readonly state: ProductState },
  now: Date,
): Unsellable | undefined {
  if (product.state !== 'active') return 'archived';
  if (product.saleStartsAt !== null && now < product.saleStartsAt) return 'not_yet';
  if (product.saleEndsAt !== null && now >= product.saleEndsAt) return 'ended';
  if (product.stock === 0) return 'sold_out';
  return undefined;
}

function contentOf({ kind, content }: ProductInput): string | null {
  if (content === null || content === undefined) return null;
  return kind === 'link' ? normalText(content).trim() : normalText(content);
}

function contentProblem(kind: ProductKind, content: string | null): string | undefined {
  if (kind !== 'text' && kind !== 'link') {
    return content === null ? undefined : `must be left out: the buyer of a ${kind} product receives something else`;
  }
  if (content === null) return `must be given: it is what the buyer of a ${kind} receives`;
  return kind === 'text' ? textProblem(content, CONTENT) : (textProblem(content, LINK) ?? linkProblem(content));
}

function fileProblem(kind: ProductKind, fileId: string | null): string | undefined {
  if (kind !== 'file') return fileId === null ? undefined : `must be left out: a ${kind} product has no file`;
  return fileId === null ? 'must be given: upload the file to /v1/files first' : undefined;
}

type Pack = Pick<ProductFacts, 'kind' | 'creditUnit' | 'creditAmount' | 'creditDays'>;

function creditsProblem({ kind, creditUnit, creditAmount, creditDays }: Pack): string | undefined {
  const given = [creditUnit, creditAmount, creditDays].some((part) => part !== null);
  if (kind !== 'credits') return given ? `must be left out: a ${kind} product adds no credits` : undefined;
  if (creditUnit === null || creditAmount === null) return 'must be given: it is what the buyer receives';
  if (!CREDIT_UNIT.test(creditUnit)) return 'must have a unit of 1 to 32 characters of a-z, 0-9, _ and -';
  const problem = wholeProblem(creditAmount, 1, MAX_CREDITS);
  if (problem !== undefined) return `must have an amount that ${problem.replace('must be', 'is')}`;
  const days = creditDays === null ? undefined : wholeProblem(creditDays, 1, MAX_CREDIT_DAYS);
  return days === undefined ? undefined : `must expire after days that ${days.replace('must be', 'are')}`;
}

/** `Adds 100 scan, valid for 30 days after the payment.` */
function packSentence({ creditUnit, creditAmount, creditDays }: Pack): string | undefined {
  if (creditUnit === null || creditAmount === null) return undefined;
  const valid =
    creditDays === null ? 'They do not expire' : `Valid for ${creditDays} ${creditDays === 1 ? 'day' : 'days'}`;
  return `Adds ${creditsInWords(creditAmount, creditUnit)}. ${valid}.`;
}

// What is added to the invoice needs its place there.
function descriptionRule(facts: Pack & Callback): TextRule {
  const wrong = creditsProblem(facts) !== undefined || callbackProblems(facts.kind, facts).length > 0;
  const sentence = wrong ? undefined : (packSentence(facts) ?? promiseSentence(facts));
  return sentence === undefined ? DESCRIPTION : { ...DESCRIPTION, max: DESCRIPTION.max - sentence.length - 1 };
}

/**
 * What the buyer reads before paying: the description; for credits how many there are and how long they last; for what is made after
 * the payment by when.
 */
export function invoiceDescription(product: Pack & Callback & { readonly description: string }): string {
  const sentence = packSentence(product) ?? promiseSentence(product);
  return sentence === undefined ? product.description : `${product.description}\n${sentence}`;
}

function wholeProblem(n: number, min: number, max: number): string | undefined {
  return Number.isSafeInteger(n) && n >= min && n <= max ? undefined : `must be a whole number from ${min} to ${max}`;
}

function windowProblem(starts: Date | null, ends: Date | null): string | undefined {
  return starts !== null && ends !== null && starts >= ends ? 'must be later than sale_starts_at' : undefined;
}

// PostgreSQL stores neither in jsonb.
function metadataProblem(metadata: Readonly<Record<string, string>>): string | undefined {
  const storable = Object.entries(metadata)
    .flat()
    .every((text) => text.isWellFormed() && !text.includes('\0'));
  return storable ? undefined : 'must not hold NUL characters or halves of surrogate pairs';
}
