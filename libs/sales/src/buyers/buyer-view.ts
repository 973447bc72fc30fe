import { z } from 'zod';
import { publicId, type Shown, shownNotes, shownTime } from '#libs/kernel';
import type { BuyerRow } from './buyer.entity.js';

export const buyerSchema = z
  .object({
    object: z.literal('buyer'),
    telegram_id: z.int(),
    bot_id: z.string().describe('The same person is a separate buyer in each bot.'),
    first_name: z.string().nullable(),
    last_name: z.string().nullable(),
    username: z.string().nullable(),
    language_code: z.string().nullable(),
    reachable: z.boolean().describe('False once the buyer has blocked the bot.'),
    metadata: shownNotes,
    created_at: shownTime,
  })
  .meta({ id: 'Buyer' });

/** A buyer of one bot as the API and events show it. */
export function buyerView(buyer: BuyerRow): Shown<typeof buyerSchema> {
  return {
    object: 'buyer' as const,
    telegram_id: buyer.telegramId,
    bot_id: publicId('bot', buyer.botId),
    first_name: buyer.firstName,
    last_name: buyer.lastName,
    username: buyer.username,
    language_code: buyer.languageCode,
    reachable: buyer.reachable,
    metadata: buyer.metadata,
    created_at: buyer.createdAt.toISOString(),
  };
}
