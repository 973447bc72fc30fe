import { idOrNull, publicId, timeOrNull } from '#libs/kernel';
import type { SupportMessageRow } from './support-message.entity.js';
import type { SupportThreadRow } from './support-thread.entity.js';

/** A thread as the API shows it. */
export function threadView(thread: SupportThreadRow) {
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
export function messageView(message: SupportMessageRow) {
  return {
    object: 'support_message',
    id: publicId('supportMessage', message.id),
    thread_id: publicId('supportThread', message.threadId),
    direction: message.direction,
    text: message.text,
    file:
      message.fileId === null || message.fileKind === null
        ? null
        : { kind: message.fileKind, file_id: message.fileId, name: message.fileName },
    author: idOrNull('account', message.accountId),
    delivery_state: message.delivery,
    delivery_error: message.deliveryError,
    created_at: message.createdAt.toISOString(),
    sent_at: timeOrNull(message.sentAt),
  };
}

/** What leaves through webhooks about a buyer's message: who and about what, but not the words. */
export function receivedView(thread: SupportThreadRow, messageId: string, now: Date) {
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
