import { z } from 'zod';
import { ACCESS_STATES, ADMISSIONS, BOT_STANDINGS, CHAT_TYPES, chatEventView, type ChatRow } from '#libs/chats';
import { idOf, listOf, listQuery, notes, notesView } from '../../http/schema.js';

const time = z.iso.datetime();

export const chatViewSchema = z
  .object({
    object: z.literal('chat'),
    id: z.string(),
    bot_id: z.string(),
    telegram_id: z.int().describe('Changes when a group becomes a supergroup.'),
    merged_into: z
      .string()
      .nullable()
      .describe(
        'Only in an event: a group became a supergroup after both were connected, and this one is now the other. Its id still leads there.',
      ),
    type: z.enum(CHAT_TYPES),
    title: z.string(),
    username: z.string().nullable().describe('Its public name.'),
    open_to_anybody: z
      .boolean()
      .describe(
        'Anybody can come in by the public name without paying, so access is not sold. A supergroup may be public when its administrators approve new members.',
      ),
    bot_status: z.enum(BOT_STANDINGS),
    missing_rights: z
      .array(z.enum(['can_invite_users', 'can_restrict_members']))
      .describe(
        'What the bot needs and does not have. Unless it is empty, access is not sold, nobody is let in, and nobody put out.',
      ),
    remedy: z.string().nullable().describe('What to do about it.'),
    lacking_since: time.nullable().describe('Since when access cannot be sold, whatever the reason.'),
    admission: z.enum(ADMISSIONS),
    member_count: z
      .int()
      .nullable()
      .describe(
        'All who are in it, also those who never bought: they are left alone. As Telegram counted at the last look.',
      ),
    checked_at: time.describe('When Telegram was last asked.'),
    metadata: notesView,
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'Chat' });

export const chatListSchema = listOf(chatViewSchema).meta({ id: 'ChatList' });

export const chatView = (chat: ChatRow) => {
  const { created_at, ...view } = chatEventView(chat);
  return {
    ...view,
    member_count: chat.memberCount,
    checked_at: chat.lookedAt.toISOString(),
    created_at,
    updated_at: chat.updatedAt.toISOString(),
  };
};

export const listChatsSchema = listQuery('chat', {
  bot_id: idOf('bot').optional(),
  ready: z
    .enum(['true', 'false'])
    .transform((word) => word === 'true')
    .optional()
    .describe(
      'Whether access can be sold: the bot has all the rights that it needs there, and not everybody can come in.',
    ),
});
export type ListChats = z.output<typeof listChatsSchema>;

export const updateChatSchema = z
  .strictObject({
    admission: z
      .enum(ADMISSIONS)
      .describe(
        '`request`: buyers get a link that asks to be let in, and only they are. `single_use`: a link that lets in one person within a ' +
          'day; somebody else who comes in by it is put out. It holds for links that are made from now on.',
      ),
    metadata: notes,
  })
  .partial()
  .meta({ id: 'UpdateChat' });
export type UpdateChat = z.output<typeof updateChatSchema>;

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
    access_until: time.nullable().describe('The latest of all that was bought, grace included. null: for good.'),
    failure: z
      .string()
      .nullable()
      .describe(
        'Why the buyer is not let in, or not put out, though it is due. It is tried again. null: nothing stands in the way.',
      ),
    joined_at: time.nullable(),
    ended_at: time.nullable(),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'ChatAccess' });

export const accessListSchema = listOf(accessViewSchema).meta({ id: 'ChatAccessList' });

export const listAccessesSchema = listQuery('chatAccess', {
  state: z.enum(ACCESS_STATES).optional(),
  buyer_telegram_id: z.coerce.number().int().positive().optional(),
});
export type ListAccesses = z.output<typeof listAccessesSchema>;
