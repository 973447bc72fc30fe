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
      'True when access can be sold: the bot has all the rights that it needs there, and the chat is not ' +
        'open to everyone.',
    ),
});
export type ListChats = z.output<typeof listChatsSchema>;

export const updateChatSchema = z
  .strictObject({
    admission: z
      .enum(ADMISSIONS)
      .describe(
        '`request`: buyers get a link that requests to join, and only their requests are approved. ' +
          '`single_use`: a link that admits one person within a day; anyone else who uses it is removed. It ' +
          'applies to links that are created from now on.',
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
