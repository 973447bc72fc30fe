import { z } from 'zod';
import { idOrNull, publicId, type Shown, shownTime, timeOrNull } from '#libs/kernel';
import { ANSWER_DELIVERIES, FILE_KINDS, THREAD_STATES } from './support.js';
import type { SupportMessageRow } from './support-message.entity.js';
import type { SupportThreadRow } from './support-thread.entity.js';

export const threadSchema = z
  .object({
    object: z.literal('support_thread'),
    id: z.string(),
    state: z
      .enum(THREAD_STATES)
      .describe('`open`: waiting for you. `answered`: waiting for the buyer, who can also reopen a closed thread.'),
    bot_id: z.string(),
    buyer_telegram_id: z.int(),
    order_id: z.string().nullable().describe('Null if the buyer chose "something else".'),
    last_message_at: shownTime.nullable(),
    created_at: shownTime,
    closed_at: shownTime.nullable(),
  })
  .meta({ id: 'SupportThread' });

export const messageSchema = z
  .object({
    object: z.literal('support_message'),
    id: z.string(),
    thread_id: z.string(),
    direction: z.enum(['buyer', 'creator']).describe('The author of the message.'),
    text: z
      .string()
      .describe(
        'Plain text exactly as written, which may contain anything. For a file, its caption, which may be empty.',
      ),
    file: z
      .object({
        kind: z.enum(FILE_KINDS),
        file_id: z
          .string()
          .nullable()
          .describe(
            "Telegram's id of the file, for getFile and for forwarding it with this bot. Null until your reply was sent.",
          ),
        name: z.string().nullable().describe('The name of the file; null when Telegram gives none.'),
      })
      .nullable()
      .describe('A picture, file or recording. Null if there is only text.'),
    author: z.string().nullable().describe("The account that answered; null for the buyer's messages."),
    delivery_state: z
      .enum(ANSWER_DELIVERIES)
      .nullable()
      .describe("State of a reply. `unreachable`: the buyer has blocked the bot. Null for the buyer's messages."),
    delivery_error: z.string().nullable(),
    created_at: shownTime,
    sent_at: shownTime.nullable(),
  })
  .meta({ id: 'SupportMessage' });

/** A thread as the API shows it. */
export function threadView(thread: SupportThreadRow): Shown<typeof threadSchema> {
  return {
    object: 'support_thread',
    id: publicId('supportThread', thread.id),
    state: thread.state,
    bot_id: publicId('bot', thread.botId),
    buyer_telegram_id: thread.buyerId,
    order_id: idOrNull('order', thread.orderId),
    last_message_at: timeOrNull(thread.lastMessageAt),
    created_at: thread.createdAt.toISOString(),
    closed_at: timeOrNull(thread.closedAt),
  };
}

/** A message as the API shows it. */
export function messageView(message: SupportMessageRow): Shown<typeof messageSchema> {
  return {
    object: 'support_message',
    id: publicId('supportMessage', message.id),
    thread_id: publicId('supportThread', message.threadId),
    direction: message.direction,
    text: message.text,
    file:
      message.fileKind === null ? null : { kind: message.fileKind, file_id: message.fileId, name: message.fileName },
    author: idOrNull('account', message.accountId),
    delivery_state: message.delivery,
    delivery_error: message.deliveryError,
    created_at: message.createdAt.toISOString(),
    sent_at: timeOrNull(message.sentAt),
  };
}

const toldMessage = {
  object: z.literal('support_message'),
  id: z.string(),
  thread_id: z.string(),
  bot_id: z.string(),
  buyer_telegram_id: z.int(),
};

export const receivedSchema = z
  .object({ ...toldMessage, order_id: z.string().nullable(), created_at: shownTime })
  .meta({ id: 'SupportMessageReceived' });

export const failedSchema = z
  .object({
    ...toldMessage,
    delivery_state: z.enum(['unreachable', 'failed']),
    delivery_error: z.string(),
  })
  .meta({ id: 'SupportMessageFailed' });

/** The body of the webhook about a buyer's message: its sender and topic, but not its text. */
export function receivedView(
  thread: Pick<SupportThreadRow, 'id' | 'botId' | 'orderId' | 'buyerId'>,
  messageId: string,
  now: Date,
): Shown<typeof receivedSchema> {
  return {
    object: 'support_message',
    id: publicId('supportMessage', messageId),
    thread_id: publicId('supportThread', thread.id),
    bot_id: publicId('bot', thread.botId),
    order_id: idOrNull('order', thread.orderId),
    buyer_telegram_id: thread.buyerId,
    created_at: now.toISOString(),
  };
}

interface Unsent {
  readonly messageId: string;
  readonly threadId: string;
  readonly botId: string;
  readonly buyerId: number;
}

/** The body of the webhook about a reply that did not arrive. */
export const failedView = (
  { messageId, threadId, botId, buyerId }: Unsent,
  delivery: 'unreachable' | 'failed',
  error: string,
): Shown<typeof failedSchema> => ({
  object: 'support_message',
  id: publicId('supportMessage', messageId),
  thread_id: publicId('supportThread', threadId),
  bot_id: publicId('bot', botId),
  buyer_telegram_id: buyerId,
  delivery_state: delivery,
  delivery_error: error,
});
