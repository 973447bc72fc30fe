import { z } from 'zod';
import { FILE_KINDS, MAX_ANSWER } from '#libs/support';
import { idOf, listOf, listQuery, messageText } from '../../http/schema.js';

const time = z.iso.datetime();
const THREAD_STATES = ['open', 'answered', 'closed'] as const;

export const threadSchema = z
  .object({
    object: z.literal('support_thread'),
    id: z.string(),
    state: z
      .enum(THREAD_STATES)
      .describe(
        '`open`: it waits for you. `answered`: it waits for the buyer. The buyer may open a closed thread again.',
      ),
    bot_id: z.string(),
    buyer_telegram_id: z.int(),
    order_id: z.string().nullable().describe('Null when the buyer chose "something else".'),
    last_message_at: time.nullable(),
    created_at: time,
    closed_at: time.nullable(),
  })
  .meta({ id: 'SupportThread' });

export const messageSchema = z
  .object({
    object: z.literal('support_message'),
    id: z.string(),
    thread_id: z.string(),
    direction: z.enum(['buyer', 'creator']).describe('Who wrote it.'),
    text: z
      .string()
      .describe('As it was written: plain text, which may hold anything. With a file its caption, which may be empty.'),
    file: z
      .object({
        kind: z.enum(FILE_KINDS),
        file_id: z.string().describe("Telegram's name of the file, for getFile and for sending it on with this bot."),
        name: z.string().nullable().describe('What the buyer called it; null where Telegram does not tell.'),
      })
      .nullable()
      .describe('What the buyer sent: a picture, a file or a recording. Null when they only wrote.'),
    author: z.string().nullable().describe("The account that answered; null for the buyer's messages."),
    delivery_state: z
      .enum(['waiting', 'sent', 'unreachable', 'failed'])
      .nullable()
      .describe("Where an answer is. `unreachable`: the buyer blocked the bot. Null for the buyer's messages."),
    delivery_error: z.string().nullable(),
    created_at: time,
    sent_at: time.nullable(),
  })
  .meta({ id: 'SupportMessage' });

export const conversationSchema = threadSchema
  .extend({
    messages: z.array(messageSchema).describe('The last 200, oldest first.'),
    has_earlier_messages: z.boolean(),
  })
  .meta({ id: 'SupportConversation' });

export const threadListSchema = listOf(threadSchema).meta({ id: 'SupportThreadList' });

export const listThreadsSchema = listQuery('supportThread', {
  state: z.enum(THREAD_STATES).optional(),
  bot_id: idOf('bot').optional(),
  buyer_telegram_id: z.coerce.number().int().positive().optional(),
  order_id: idOf('order').optional(),
});
export type ListThreads = z.infer<typeof listThreadsSchema>;

export const answerSchema = z.strictObject({
  text: messageText(MAX_ANSWER)
    .refine((text) => !text.includes('\u0000'), { error: 'must not hold the character U+0000' })
    .describe('Sent as plain text.'),
});
export type Answer = z.infer<typeof answerSchema>;
