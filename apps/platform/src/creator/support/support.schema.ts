import { z } from 'zod';
import { buyerSchema } from '#libs/sales';
import { MAX_ANSWER, MAX_CAPTION, messageSchema, THREAD_EXPANSIONS, THREAD_STATES, threadSchema } from '#libs/support';
import { idOf, listOf, listQuery, messageText } from '../../http/schema.js';

export const conversationSchema = threadSchema
  .extend({
    messages: z.array(messageSchema).describe('The last 200, oldest first.'),
    has_earlier_messages: z.boolean(),
  })
  .meta({ id: 'SupportConversation' });

const EXPANDED = 'Only if requested by `expand`.';

export const expandedThreadSchema = threadSchema
  .extend({
    buyer: buyerSchema.optional().describe(EXPANDED),
    last_message: messageSchema.optional().describe(EXPANDED),
  })
  .meta({ id: 'ExpandedSupportThread' });

export const threadListSchema = listOf(expandedThreadSchema).meta({ id: 'SupportThreadList' });

export const listThreadsSchema = listQuery('supportThread', {
  state: z.enum(THREAD_STATES).optional(),
  bot_id: idOf('bot').optional(),
  buyer_telegram_id: z.coerce.number().int().positive().optional(),
  order_id: idOf('order').optional(),
  expand: z
    .string()
    .max(100)
    .transform((text) => [...new Set(text.split(','))])
    .pipe(z.array(z.enum(THREAD_EXPANSIONS)))
    .optional()
    .describe('Related objects to include, separated by commas: `buyer`, `last_message`.'),
});
export type ListThreads = z.infer<typeof listThreadsSchema>;

export const answerSchema = z.strictObject({
  text: messageText(MAX_ANSWER)
    .refine((text) => !text.includes('\u0000'), { error: 'must not contain the character U+0000' })
    .describe('Sent as plain text.'),
});
/** The caption of an answer's file. */
export const captionSchema = z
  .string()
  .trim()
  .max(MAX_CAPTION, { abort: true })
  .refine((text) => !text.includes('\u0000'), { error: 'must not contain the character U+0000' });
export type Answer = z.infer<typeof answerSchema>;
