import { z } from 'zod';
import { publicId, type Shown, shownTime, timeOrNull } from '#libs/kernel';
import { STRAY_KINDS, STRAY_REASONS, type StrayPayment, strayWords } from './stray-payment.js';

export const strayPaymentSchema = z
  .object({
    object: z.literal('stray_payment'),
    id: z.string(),
    bot_id: z.string(),
    kind: z.enum(STRAY_KINDS).describe('The kind of Telegram’s message that reported it.'),
    reason: z
      .enum(STRAY_REASONS)
      .describe(
        "`currency`: it is not in Stars, so it belongs to the bot's business elsewhere. Otherwise the part that is impossible or missing.",
      ),
    description: z.string().describe('An explanation of the reason.'),
    currency: z.string().nullable(),
    amount: z.string().nullable().describe('As reported, in digits and in the smallest units of the currency.'),
    buyer_telegram_id: z.int().nullable(),
    payload: z.string().nullable(),
    telegram_payment_charge_id: z.string().nullable(),
    occurred_at: shownTime.nullable(),
    created_at: shownTime,
  })
  .meta({ id: 'StrayPayment' });

/** A stray payment as the API and its event show it. */
export const strayPaymentView = (
  stray: StrayPayment & { readonly id: string; readonly createdAt: Date },
): Shown<typeof strayPaymentSchema> => ({
  object: 'stray_payment' as const,
  id: publicId('strayPayment', stray.id),
  bot_id: publicId('bot', stray.botId),
  kind: stray.kind,
  reason: stray.reason,
  description: strayWords(stray.reason),
  currency: stray.currency,
  amount: stray.amount,
  buyer_telegram_id: stray.buyerId,
  payload: stray.payload,
  telegram_payment_charge_id: stray.telegramChargeId,
  occurred_at: timeOrNull(stray.occurredAt),
  created_at: stray.createdAt.toISOString(),
});
