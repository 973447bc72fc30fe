import { publicId } from '#libs/kernel';
import type { BuyerRow } from './buyer.entity.js';

/** A buyer of one bot as the API and events show it. */
export function buyerView(buyer: BuyerRow) {
  return {
    object: 'buyer' as const,
    telegram_id: buyer.telegramId,
    bot_id: publicId('bot', buyer.botId),
    first_name: buyer.firstName,
    last_name: buyer.lastName,
    username: buyer.username,
    language_code: buyer.languageCode,
    reachable: buyer.reachable,
    metadata: buyer.metadata,
    created_at: buyer.createdAt.toISOString(),
  };
}
