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
export const MAX_TAGS = 10;

/** What a creator may say about a product. What is left out has no value, or the value that is named. */
export interface ProductInput extends OwnInput {
  readonly kind: ProductKind;
  readonly title: string;
  readonly description: string;
  /** Whole Stars, 1 to {@link MAX_PRICE}; 0 where credits are all that it costs. */
  readonly stars: number;
  /** What only its kind has, for kinds that keep it apart. */
  readonly terms?: TermsInput | undefined;
  /** A photo of the workspace's files, shown on the card. Not together with an address. */
  readonly photoFileId?: string | null | undefined;
  /** Where Telegram fetches a photo for the card and the invoice. Whether it may be called is for the room that looks at addresses to say. */
  readonly photoUrl?: string | null | undefined;
  /** Units left; null is without end. Left out where a pool counts them. */
  readonly stock?: number | null | undefined;
  readonly limitPerBuyer?: number | null | undefined;
  /** First moment of the sale. */
  readonly saleStartsAt?: Date | null | undefined;
  /** First moment after the sale. */
  readonly saleEndsAt?: Date | null | undefined;
  /** Place in the shop, lowest first; 0. */
  readonly position?: number | undefined;
  /** Categories of the shop, at most {@link MAX_TAGS}, each one line of 1 to 32 characters. None. */
  readonly tags?: readonly string[] | undefined;
  /** In no list of the shop: only a link leads to it. false. */
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

/** A product that could not be sold as it is described. `errors` name the fields as the API does. */
export class InvalidProduct extends DomainError {
  static readonly code = 'invalid_product';
  static readonly refusal = 'invalid';
  readonly remedy = 'Correct the fields named in `errors`. Most limits are those of Telegram invoices.';

  constructor(override readonly errors: readonly FieldError[]) {
    super('The product cannot be saved like this.');
  }
}

/**
 * The facts of a product, texts normalised.
 * @param before the terms that hold already, for a change
 * @throws InvalidProduct that lists everything that is wrong
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
  if (photoFileId !== null) return 'must be null while there is a photo_file_id';
  return textProblem(photoUrl, LINK) ?? linkProblem(photoUrl);
}

function countProblem(count: number | null, min: number, unasked: boolean): string | undefined {
  if (count === null) return undefined;
  return unasked ? 'must be left out: Telegram sells this without asking first' : wholeProblem(count, min, MAX_STOCK);
}

/** @throws InvalidProduct when a creator names the stock of a product whose pool counts it */
export function assertStockIsTheirs(kind: ProductKind, said: number | null | undefined): void {
  if (said === undefined || kindOf(kind).pooled !== true) return;
  throw new InvalidProduct(problem('stock', `must be left out: it is what the pool of the ${kind} holds`));
}

/** @throws InvalidProduct for a period that Telegram does not take in the environment of the bot */
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

/** Why a product cannot be sold; a draft counts as archived. Undefined: it can. */
export type Unsellable = 'archived' | 'chat_unready' | 'not_yet' | 'ended' | 'sold_out';

/**
 * Whether one more unit may be sold now. The buyer's own limit is not looked at, and stock may be gone a moment later: what
 * decides is {@link ProductService.takeStock}.
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

// What is added to the invoice needs its place there, whatever the buyer's language.
function descriptionRule(facts: KindFacts): TextRule {
  const sentences = LANGUAGES.map((language) => promiseSentence(facts, new Phrasebook(language)));
  return { ...DESCRIPTION, max: Math.min(...sentences.map(roomBeside)) };
}

const roomBeside = (sentence: string | undefined) =>
  sentence === undefined ? DESCRIPTION.max : DESCRIPTION.max - [...sentence].length - 1;

/**
 * What the buyer reads before paying, at most 255 characters: the description, and what the kind promises (how many credits, by when
 * it is made). A creator's own words for that may need room: then the description gives way.
 */
export function invoiceDescription(product: KindFacts & { readonly description: string }, words: Phrasebook): string {
  const sentence = promiseSentence(product, words);
  const text = words.description(product.description);
  if (sentence === undefined) return text;
  return `${clip(text, roomBeside(sentence), { unit: 'code points' })}\n${sentence}`;
}

function windowProblem(starts: Date | null, ends: Date | null): string | undefined {
  return starts !== null && ends !== null && starts >= ends ? 'must be later than sale_starts_at' : undefined;
}

function tagsProblem(tags: readonly string[]): string | undefined {
  if (tags.length > MAX_TAGS) return `must be at most ${MAX_TAGS}`;
  return tags.map((tag) => textProblem(tag, TITLE)).find((found) => found !== undefined);
}

// PostgreSQL stores neither in jsonb.
function metadataProblem(metadata: Readonly<Record<string, string>>): string | undefined {
  const storable = Object.entries(metadata)
    .flat()
    .every((text) => text.isWellFormed() && !text.includes('\0'));
  return storable ? undefined : 'must not contain NUL characters or halves of surrogate pairs';
}

export class ProductNotActive extends DomainError {
  static readonly code = 'product_not_active';
  static readonly refusal = 'conflict';
  readonly remedy = 'Put it on sale first: POST /v1/products/{id}/activate.';

  constructor() {
    super('This product is not on sale, so nobody could pay for it.');
  }
}
