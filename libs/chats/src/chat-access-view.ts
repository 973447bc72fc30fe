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
        '`invited`: may join but is not in the chat. `member`: is in the chat. `ending`: is being removed. ' +
          '`ended`: no longer has access.',
      ),
    access_until: shownTime.nullable().describe('The latest end of all purchases, including grace. null: no end.'),
    failure: z
      .string()
      .nullable()
      .describe('The reason why an admission or removal has failed. It is retried. null: no failure.'),
    joined_at: shownTime.nullable(),
    ended_at: shownTime.nullable(),
    created_at: shownTime,
    updated_at: shownTime,
  })
  .meta({ id: 'ChatAccess' });

/** An access as the API and its events show it. The link is for the buyer only. */
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
