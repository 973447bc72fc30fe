import { DomainError, publicId } from '#libs/kernel';
import { normalTemplate, TEXTS, type TextKey, templateProblem } from '#libs/texts';
import type { BotTextRow } from './bot-text.entity.js';

/** Own texts of one bot, those of its products among them. All of them are kept in memory with the bot. */
export const MAX_OWN_TEXTS = 1_000;

/** A text that a buyer could not be shown. */
export class InvalidText extends DomainError {
  readonly code = 'invalid_text';
  readonly refusal = 'invalid';
  readonly remedy = 'Correct the text. GET /v1/texts lists every text with its limit and its placeholders.';
  override readonly errors;

  constructor(problem: string) {
    super('The text cannot be used like this.');
    this.errors = [{ path: 'text', message: problem }];
  }
}

export class TooManyTexts extends DomainError {
  readonly code = 'too_many_texts';
  readonly refusal = 'conflict';
  readonly remedy = 'Delete texts that are no longer needed, or word them for the bot and not for each product.';

  constructor() {
    super(`A bot has at most ${MAX_OWN_TEXTS} texts of its own.`);
  }
}

/** The text as it is stored. @throws InvalidText */
export function ownTextOf(key: TextKey, text: string): string {
  const normal = normalTemplate(text);
  const problem = templateProblem(normal, TEXTS[key]);
  if (problem !== undefined) throw new InvalidText(problem);
  return normal;
}

/** Texts that Telegram keeps: when they change, it has to be told. */
export const isKeptByTelegram = (key: string) => /^(command|profile)\./.test(key);

/** A bot's own text as the API shows it. */
export const botTextView = (row: BotTextRow) => ({
  object: 'bot_text' as const,
  id: publicId('botText', row.id),
  bot_id: publicId('bot', row.botId),
  product_id: row.productId === null ? null : publicId('product', row.productId),
  language: row.language,
  key: row.key,
  text: row.text,
  updated_at: row.updatedAt.toISOString(),
});
