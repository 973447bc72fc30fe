import {
  clip,
  DomainError,
  type FieldError,
  type Moves,
  normalText,
  type Stars,
  stars,
  textProblem,
  type TextRule,
} from '#libs/kernel';
import { LANGUAGES, Phrasebook } from '#libs/texts';
import { SUBSCRIPTION_PERIODS } from '../kinds/kind-subscription.js';
import { type OwnFacts, type OwnInput, problem, wholeProblem } from '../kinds/kind.js';
import {
  type KindFacts,
  kindOf,
  kindProblems,
  leastStars,
  type ProductKind,
  type ProductTerms,
  promiseSentence,
  type TermsInput,
  termsOf,
} from '../kinds/kinds.js';
import { CONTENT, DESCRIPTION, LINK, linkProblem, TITLE } from '../kinds/product-text.js';

export const PRODUCT_STATES = ['draft', 'active', 'archived'] as const;
export type ProductState = (typeof PRODUCT_STATES)[number];

/** No product becomes a draft again, because it may have been sold. */
export const PRODUCT_MOVES: Moves<ProductState> = {
  draft: ['active', 'archived'],
  active: ['archived'],
  archived: ['active'],
};

/**
 * Telegram publishes no maximum for a one-off invoice in Stars (25,000 for paid media, 10,000 for a subscription) and
 * answers CURRENCY_TOTAL_AMOUNT_INVALID above it. This limit is ours: a higher price is presumably a typo.
 */
export const MAX_PRICE = 1_000_000;
export const MAX_STOCK = 1_000_000_000;
export const MAX_POSITION = 1_000_000;
export const MAX_TAGS = 10;

/** A creator's input for a product. Omitted fields have no value, or the documented default. */
export interface ProductInput extends OwnInput {
  readonly kind: ProductKind;
  readonly title: string;
  readonly description: string;
  /** Whole Stars, 1 to {@link MAX_PRICE}; 0 if it costs credits only. */
  readonly stars: number;
  /** The terms of its kind, for kinds with separate terms. */
  readonly terms?: TermsInput | undefined;
  /** A photo from the workspace's files, shown on the card. Excludes an address. */
  readonly photoFileId?: string | null | undefined;
  /**
   * A photo that Telegram fetches for the card and the invoice. Whether it may be called is decided by the library that
   * checks addresses.
   */
  readonly photoUrl?: string | null | undefined;
  /** Units left; null: unlimited. Omitted if a pool counts them. */
  readonly stock?: number | null | undefined;
  readonly limitPerBuyer?: number | null | undefined;
  /** Start of the sale, inclusive. */
  readonly saleStartsAt?: Date | null | undefined;
  /** End of the sale, exclusive. */
  readonly saleEndsAt?: Date | null | undefined;
  /** Position in the shop, lowest first; default 0. */
  readonly position?: number | undefined;
  /** Categories of the shop, at most {@link MAX_TAGS}, each one line of 1 to 32 characters. Default: none. */
  readonly tags?: readonly string[] | undefined;
  /** Hidden from all lists of the shop: reachable only through a link. Default: false. */
  readonly hidden?: boolean | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

export interface ProductFacts extends KindFacts {
  readonly title: string;
  readonly description: string;
  readonly stars: Stars;
  readonly photoFileId: string | null;
  readonly photoUrl: string | null;
  readonly stock: number | null;
  readonly limitPerBuyer: number | null;
  readonly saleStartsAt: Date | null;
  readonly saleEndsAt: Date | null;
  readonly position: number;
  readonly tags: string[];
  readonly hidden: boolean;
  readonly metadata: Readonly<Record<string, string>>;
}

/** A product that could not be sold as described. `errors` uses the API's field names. */
export class InvalidProduct extends DomainError {
  static readonly code = 'invalid_product';
  static readonly refusal = 'invalid';
  readonly remedy = 'Correct the fields named in `errors`. Most limits are those of Telegram invoices.';

  constructor(override readonly errors: readonly FieldError[]) {
    super('The product is not valid.');
  }
}

/**
 * Validates and normalises the facts of a product.
 * @param before the stored terms, for a change
 * @throws InvalidProduct with all problems
 */
export function productOf(input: ProductInput, before?: ProductTerms): ProductFacts {
  const facts = {
    kind: input.kind,
    title: normalText(input.title.trim(), TITLE),
    description: normalText(input.description.trim(), DESCRIPTION),
    ...ownOf(input),
    terms: termsOf(input.kind, input.terms, before),
    photoFileId: input.photoFileId ?? null,
    photoUrl: input.photoUrl?.trim() ?? null,
    stock: input.stock ?? (kindOf(input.kind).pooled === true ? 0 : null),
    limitPerBuyer: input.limitPerBuyer ?? null,
    saleStartsAt: input.saleStartsAt ?? null,
    saleEndsAt: input.saleEndsAt ?? null,
    position: input.position ?? 0,
    tags: [...new Set((input.tags ?? []).map((tag) => normalText(tag.trim(), TITLE)))],
    hidden: input.hidden ?? false,
    metadata: input.metadata ?? {},
  };
  const { stock, limitPerBuyer } = facts;
  const unasked = kindOf(input.kind).unasked === true;
  const errors = [
    ...problem('title', textProblem(facts.title, TITLE)),
    ...problem('description', textProblem(facts.description, descriptionRule(facts))),
    ...problem(
      'stars',
      wholeProblem(input.stars, leastStars(facts.kind, facts.terms), kindOf(input.kind).maxStars ?? MAX_PRICE),
    ),
    ...kindProblems(facts, input.terms, before),
    ...problem('photo_url', photoProblem(facts)),
    ...problem('stock', countProblem(stock, 0, unasked)),
    ...problem('limit_per_buyer', countProblem(limitPerBuyer, 1, unasked)),
    ...problem('sale_ends_at', windowProblem(facts.saleStartsAt, facts.saleEndsAt)),
    ...problem('position', wholeProblem(facts.position, -MAX_POSITION, MAX_POSITION)),
    ...problem('tags', tagsProblem(facts.tags)),
    ...problem('metadata', metadataProblem(facts.metadata)),
  ];
  if (errors.length > 0) throw new InvalidProduct(errors);
  return { ...facts, stars: stars(input.stars) };
}

function photoProblem({ photoFileId, photoUrl }: Pick<ProductFacts, 'photoFileId' | 'photoUrl'>): string | undefined {
  if (photoUrl === null) return undefined;
  if (photoFileId !== null) return 'must be null if photo_file_id is set';
  return textProblem(photoUrl, LINK) ?? linkProblem(photoUrl);
}

function countProblem(count: number | null, min: number, unasked: boolean): string | undefined {
  if (count === null) return undefined;
  return unasked
    ? 'must be omitted: Telegram sells this kind without a pre-checkout'
    : wholeProblem(count, min, MAX_STOCK);
}

/** @throws InvalidProduct when a creator sets the stock of a product whose pool counts it */
export function assertStockIsTheirs(kind: ProductKind, said: number | null | undefined): void {
  if (said === undefined || kindOf(kind).pooled !== true) return;
  throw new InvalidProduct(problem('stock', `must be omitted: it is determined by the pool of the ${kind}`));
}

/** @throws InvalidProduct for a period that Telegram does not accept in the environment of the bot */
export function assertPeriod(seconds: number | undefined, environment: 'production' | 'test'): void {
  const [month, ...short] = SUBSCRIPTION_PERIODS;
  if (seconds === undefined || (seconds === month) === (environment === 'production')) return;
  const allowed =
    environment === 'test'
      ? `${short.join(' or ')} for a bot of the test environment`
      : `${month}: other periods are for bots of the test environment`;
  throw new InvalidProduct(problem('subscription.period_seconds', `must be ${allowed}`));
}

function ownOf(input: ProductInput): OwnFacts {
  const { content = null, fulfilmentUrl = null, kind } = input;
  const usual = kindOf(kind).usual ?? {};
  return {
    content: content === null ? null : normalText(kind === 'text' ? content : content.trim(), CONTENT),
    fileId: input.fileId ?? null,
    chatId: input.chatId ?? null,
    creditUnit: input.creditUnit ?? null,
    creditAmount: input.creditAmount ?? null,
    creditDays: input.creditDays ?? null,
    fulfilmentUrl: fulfilmentUrl?.trim() ?? null,
    fulfilmentDeadlineSeconds: input.fulfilmentDeadlineSeconds ?? usual.fulfilmentDeadlineSeconds ?? null,
    refundAtDeadline: input.refundAtDeadline ?? usual.refundAtDeadline ?? null,
  };
}

/** The reason why a product cannot be sold; a draft counts as archived. */
export type Unsellable = 'archived' | 'chat_unready' | 'not_yet' | 'ended' | 'sold_out';

/**
 * Returns the reason why no further unit may be sold now. Ignores the buyer's own limit, and stock may run out a moment
 * later: {@link ProductService.takeStock} decides.
 */
export function sellable(
  product: Pick<ProductFacts, 'saleStartsAt' | 'saleEndsAt' | 'stock'> & {
    readonly state: ProductState;
    readonly chatReady: boolean;
  },
  now: Date,
): Unsellable | undefined {
  if (product.state !== 'active') return 'archived';
  if (!product.chatReady) return 'chat_unready';
  if (product.saleStartsAt !== null && now < product.saleStartsAt) return 'not_yet';
  if (product.saleEndsAt !== null && now >= product.saleEndsAt) return 'ended';
  if (product.stock === 0) return 'sold_out';
  return undefined;
}

// The promise on the invoice needs room there, in every language.
function descriptionRule(facts: KindFacts): TextRule {
  const sentences = LANGUAGES.map((language) => promiseSentence(facts, new Phrasebook(language)));
  return { ...DESCRIPTION, max: Math.min(...sentences.map(roomFor)) };
}

const roomFor = (sentence: string | undefined) =>
  sentence === undefined ? DESCRIPTION.max : DESCRIPTION.max - [...sentence].length - 1;

/**
 * The description on the invoice, at most 255 characters: the product's description and its kind's promise (how many
 * credits, by when it is made). If a creator's own wording of the promise needs more room, the description is cut.
 */
export function invoiceDescription(product: KindFacts & { readonly description: string }, words: Phrasebook): string {
  const sentence = promiseSentence(product, words);
  const text = words.description(product.description);
  if (sentence === undefined) return text;
  return `${clip(text, roomFor(sentence), { unit: 'code points' })}\n${sentence}`;
}

function windowProblem(starts: Date | null, ends: Date | null): string | undefined {
  return starts !== null && ends !== null && starts >= ends ? 'must be later than sale_starts_at' : undefined;
}

function tagsProblem(tags: readonly string[]): string | undefined {
  if (tags.length > MAX_TAGS) return `must have at most ${MAX_TAGS} entries`;
  return tags.map((tag) => textProblem(tag, TITLE)).find((found) => found !== undefined);
}

// PostgreSQL's jsonb can store neither NUL characters nor unpaired surrogates.
function metadataProblem(metadata: Readonly<Record<string, string>>): string | undefined {
  const storable = Object.entries(metadata)
    .flat()
    .every((text) => text.isWellFormed() && !text.includes('\0'));
  return storable ? undefined : 'must not contain NUL characters or unpaired surrogates';
}

export class ProductNotActive extends DomainError {
  static readonly code = 'product_not_active';
  static readonly refusal = 'conflict';
  readonly remedy = 'Put it on sale first: POST /v1/products/{id}/activate.';

  constructor() {
    super('This product is not on sale, so it cannot be paid for.');
  }
}
