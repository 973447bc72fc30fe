import { z } from 'zod';
import { ACCESS_STATES, accessViewSchema, ADMISSIONS, chatViewSchema } from '#libs/chats';
import { idOf, listOf, listQuery, notes } from '../../http/schema.js';

export const chatListSchema = listOf(chatViewSchema).meta({ id: 'ChatList' });

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

export const accessListSchema = listOf(accessViewSchema).meta({ id: 'ChatAccessList' });

export const listAccessesSchema = listQuery('chatAccess', {
  state: z.enum(ACCESS_STATES).optional(),
  buyer_telegram_id: z.coerce.number().int().positive().optional(),
});
export type ListAccesses = z.output<typeof listAccessesSchema>;
