import { z } from 'zod';
import { publicId, type Shown, shownTime, timeOrNull } from '#libs/kernel';
import { ACCESS_STATES, type AccessFacts } from './chat-access.js';

export const accessViewSchema = z
  .object({
    object: z.literal('chat_access'),
    id: z.string(),
    chat_id: z.string(),
    bot_id: z.string(),
    buyer_telegram_id: z.int(),
    state: z
      .enum(ACCESS_STATES)
      .describe(
        '`invited`: may come in and is not there. `member`: is in. `ending`: is being put out. `ended`: has no access any more.',
      ),
    access_until: shownTime.nullable().describe('The latest of all that was bought, grace included. null: for good.'),
    failure: z
      .string()
      .nullable()
      .describe(
        'Why the buyer is not let in, or not put out, though it is due. It is tried again. null: nothing stands in the way.',
      ),
    joined_at: shownTime.nullable(),
    ended_at: shownTime.nullable(),
    created_at: shownTime,
    updated_at: shownTime,
  })
  .meta({ id: 'ChatAccess' });

/** An access as the API and its events show it. The link is the buyer's and nobody else's. */
export const chatAccessView = (access: AccessFacts): Shown<typeof accessViewSchema> => ({
  object: 'chat_access' as const,
  id: publicId('chatAccess', access.id),
  chat_id: publicId('chat', access.chatId),
  bot_id: publicId('bot', access.botId),
  buyer_telegram_id: access.buyerId,
  state: access.state,
  access_until: timeOrNull(access.accessUntil),
  failure: access.failure,
  joined_at: timeOrNull(access.joinedAt),
  ended_at: timeOrNull(access.endedAt),
  created_at: access.createdAt.toISOString(),
  updated_at: access.updatedAt.toISOString(),
});
