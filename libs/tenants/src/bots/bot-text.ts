import { DomainError } from '#libs/kernel';
import { entryOf, normalTemplate, type OwnKey, scopeOf, templateProblem } from '#libs/texts';

/**
 * Maximum number of a bot's own texts, including those of its products. All of them are kept in memory with the bot.
 */
export const MAX_OWN_TEXTS = 1_000;

/** Thrown for a text that cannot be shown to buyers. */
export class InvalidText extends DomainError {
  static readonly code = 'invalid_text';
  static readonly refusal = 'invalid';
  readonly remedy =
    'Correct the text. GET /v1/texts lists every text with its limit, its placeholders, and whether it is about a product.';
  override readonly errors;

  constructor(problem: string, path: 'text' | 'product_id' = 'text') {
    super('The text is not valid.');
    this.errors = [{ path, message: problem }];
  }
}

export class TooManyTexts extends DomainError {
  static readonly code = 'too_many_texts';
  static readonly refusal = 'conflict';
  readonly remedy = 'Delete texts that are no longer needed, or word them for the bot and not for each product.';

  constructor() {
    super(`A bot can have at most ${MAX_OWN_TEXTS} custom texts.`);
  }
}

/** Validates and normalises a text for storage. @param productId null for the whole bot. @throws InvalidText */
export function ownTextOf(key: OwnKey, text: string, productId: string | null): string {
  const scope = scopeOf(key);
  if (productId !== null && scope === 'bot')
    throw new InvalidText('must be omitted: this text is not about a product', 'product_id');
  if (productId === null && scope === 'product')
    throw new InvalidText("must be the id of the text's product", 'product_id');
  const entry = entryOf(key);
  const normal = normalTemplate(text, entry);
  const problem = templateProblem(normal, entry);
  if (problem !== undefined) throw new InvalidText(problem);
  return normal;
}

/**
 * True for texts that Telegram stores, so that changes have to be sent. A product's title is shown next to its command.
 */
export const isKeptByTelegram = (key: string) => /^(command|profile)\.|^product\.title$/.test(key);
