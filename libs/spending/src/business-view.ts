import { z } from 'zod';
import { publicId, type Shown, shownTime } from '#libs/kernel';
import type { BusinessConnectionRow } from './business-connection.entity.js';

export const connectionSchema = z
  .object({
    object: z.literal('business_connection'),
    id: z.string(),
    bot_id: z.string(),
    user_telegram_id: z.int().describe('The owner of the account.'),
    enabled: z.boolean(),
    rights: z.array(z.string()).describe('The bot’s rights, under Telegram’s names, such as `can_transfer_stars`.'),
    connected_at: shownTime,
    updated_at: shownTime,
  })
  .meta({ id: 'BusinessConnection' });

/** A connection as the API and its events show it. */
export const businessConnectionView = (row: BusinessConnectionRow): Shown<typeof connectionSchema> => ({
  object: 'business_connection' as const,
  id: publicId('businessConnection', row.id),
  bot_id: publicId('bot', row.botId),
  user_telegram_id: row.userId,
  enabled: row.enabled,
  rights: row.rights,
  connected_at: row.connectedAt.toISOString(),
  updated_at: row.updatedAt.toISOString(),
});
