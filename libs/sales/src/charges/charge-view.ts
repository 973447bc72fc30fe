import { idOrNull, publicId } from '#libs/kernel';
import type { ChargeRow } from './charge.entity.js';

/** A charge as the API and its events show it. */
export function chargeView(charge: ChargeRow) {
  return {
    object: 'charge',
    id: publicId('charge', charge.id),
    state: charge.state,
    match: charge.match,
    bot_id: publicId('bot', charge.botId),
    order_id: idOrNull('order', charge.orderId),
    buyer_telegram_id: charge.buyerId,
    stars: charge.stars,
    payload: charge.payload,
    telegram_payment_charge_id: charge.telegramChargeId,
    provider_payment_charge_id: charge.providerChargeId,
    source: charge.source,
    metadata: charge.metadata,
    occurred_at: charge.occurredAt.toISOString(),
    created_at: charge.createdAt.toISOString(),
  };
}
