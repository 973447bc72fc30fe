import { z } from 'zod';
import { idOrNull, publicId, type Shown, shownTime } from '#libs/kernel';
import { LANGUAGES } from '#libs/texts';
import type { BotTextRow } from './bot-text.entity.js';

export const botTextSchema = z
  .object({
    object: z.literal('bot_text'),
    id: z.string(),
    bot_id: z.string(),
    product_id: z.string().nullable().describe('null if it is for the whole bot.'),
    language: z.enum(LANGUAGES),
    key: z.string(),
    text: z.string(),
    updated_at: shownTime,
  })
  .meta({ id: 'BotText' });

/** A bot's own text as the API shows it. */
export const botTextView = (row: BotTextRow): Shown<typeof botTextSchema> => ({
  object: 'bot_text' as const,
  id: publicId('botText', row.id),
  bot_id: publicId('bot', row.botId),
  product_id: idOrNull('product', row.productId),
  language: row.language,
  key: row.key,
  text: row.text,
  updated_at: row.updatedAt.toISOString(),
});
