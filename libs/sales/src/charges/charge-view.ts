import { z } from 'zod';
import { idOrNull, publicId, type Shown, shownNotes, shownTime } from '#libs/kernel';
import type { ChargeRow } from './charge.entity.js';
import { offerOf } from './offer-payload.js';
import { CHARGE_SOURCES, CHARGE_STATES, MATCHES } from './payment.js';

export const chargeSchema = z
  .object({
    object: z.literal('charge'),
    id: z.string(),
    state: z.enum(CHARGE_STATES),
    match: z
      .enum(MATCHES)
      .describe(
        '`order`: it paid its order. `duplicate` (the order was paid before) and `undeliverable` (it came ' +
          'late, and the product was sold out) are refunded automatically. `mismatch` (another buyer or amount ' +
          'than the order’s) and `unmatched` (no order has this payload) are held until you refund them or deliver a product for them.',
      ),
    bot_id: z.string(),
    order_id: z.string().nullable(),
    buyer_telegram_id: z.int(),
    stars: z.int(),
    payload: z.string(),
    offered_product_id: z
      .string()
      .nullable()
      .describe('The product whose public invoice was paid, as the payload names it. null for all other payments.'),
    telegram_payment_charge_id: z.string(),
    provider_payment_charge_id: z.string().nullable(),
    source: z.enum(CHARGE_SOURCES),
    metadata: shownNotes,
    occurred_at: shownTime,
    created_at: shownTime,
  })
  .meta({ id: 'Charge' });

/** A charge as the API and its events show it. */
export function chargeView(charge: ChargeRow): Shown<typeof chargeSchema> {
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
    offered_product_id: idOrNull('product', offerOf(charge.payload)?.productId ?? null),
    telegram_payment_charge_id: charge.telegramChargeId,
    provider_payment_charge_id: charge.providerChargeId,
    source: charge.source,
    metadata: charge.metadata,
    occurred_at: charge.occurredAt.toISOString(),
    created_at: charge.createdAt.toISOString(),
  };
}
