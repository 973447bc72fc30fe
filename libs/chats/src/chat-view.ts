import { z } from 'zod';
import { idOrNull, publicId, type Shown, shownNotes, shownTime, timeOrNull } from '#libs/kernel';
import {
  ADMISSIONS,
  BOT_STANDINGS,
  CHAT_TYPES,
  type ChatFacts,
  isOpenToAnybody,
  missingRights,
  NEEDED_RIGHTS,
  remedyFor,
} from './chat.js';
import type { ChatRow } from './chat.entity.js';

export const chatEventSchema = z
  .object({
    object: z.literal('chat'),
    id: z.string(),
    bot_id: z.string(),
    telegram_id: z.int().describe('Changes when a group becomes a supergroup.'),
    merged_into: z
      .string()
      .nullable()
      .describe(
        'Only in an event: a group became a supergroup after both were connected, and this chat was merged into the ' +
          'other one. Its id still works and returns the other chat.',
      ),
    type: z.enum(CHAT_TYPES),
    title: z.string(),
    username: z.string().nullable().describe('Its public name.'),
    open_to_anybody: z
      .boolean()
      .describe(
        'True if anyone can join through the public name without paying; access is then not sold. A supergroup may be public if its administrators approve new members.',
      ),
    bot_status: z.enum(BOT_STANDINGS),
    missing_rights: z
      .array(z.enum(NEEDED_RIGHTS))
      .describe(
        'The rights that the bot needs and lacks. Unless it is empty, access is not sold, and no one is admitted or removed.',
      ),
    remedy: z.string().nullable().describe('The steps that you need to take; null if there are none.'),
    lacking_since: shownTime.nullable().describe('The time since which access cannot be sold, for any reason.'),
    admission: z.enum(ADMISSIONS),
    metadata: shownNotes,
    created_at: shownTime,
  })
  .meta({ id: 'ChatEvent' });

/** A chat as its events show it; the API adds the results of the last check. */
export const chatEventView = (chat: ChatFacts): Shown<typeof chatEventSchema> => ({
  object: 'chat' as const,
  id: publicId('chat', chat.id),
  bot_id: publicId('bot', chat.botId),
  telegram_id: chat.telegramId,
  merged_into: idOrNull('chat', chat.mergedInto),
  type: chat.type,
  title: chat.title,
  username: chat.username,
  open_to_anybody: isOpenToAnybody(chat),
  bot_status: chat.standing,
  missing_rights: missingRights(chat),
  remedy: remedyFor(chat) ?? null,
  lacking_since: timeOrNull(chat.lackingSince),
  admission: chat.admission,
  metadata: chat.metadata,
  created_at: chat.createdAt.toISOString(),
});

export const chatViewSchema = chatEventSchema
  .extend({
    member_count: z
      .int()
      .nullable()
      .describe(
        'All members, including those who never bought access and are never removed, as counted by Telegram at the last check.',
      ),
    checked_at: shownTime.describe('The time of the last check with Telegram.'),
    updated_at: shownTime,
  })
  .meta({ id: 'Chat' });

export const chatView = (chat: ChatRow): Shown<typeof chatViewSchema> => {
  const { created_at, ...view } = chatEventView(chat);
  return {
    ...view,
    member_count: chat.memberCount,
    checked_at: chat.lookedAt.toISOString(),
    created_at,
    updated_at: chat.updatedAt.toISOString(),
  };
};
