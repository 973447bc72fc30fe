import { z } from 'zod';
import { STRAY_KINDS, STRAY_REASONS } from '#libs/sales';
import { idOf, listOf, listQuery } from '../../http/schema.js';

const time = z.iso.datetime();

export const strayPaymentSchema = z
  .object({
    object: z.literal('stray_payment'),
    id: z.string(),
    bot_id: z.string(),
    kind: z.enum(STRAY_KINDS).describe('Which message of Telegram’s reported it.'),
    reason: z
      .enum(STRAY_REASONS)
      .describe(
        '`currency`: it is not in Stars, so it belongs to what the bot sold elsewhere. Otherwise what no payment can have, or what the report did not tell.',
      ),
    description: z.string().describe('What that means.'),
    currency: z.string().nullable(),
    amount: z.string().nullable().describe('As it was reported, in digits and in the smallest units of the currency.'),
    buyer_telegram_id: z.int().nullable(),
    payload: z.string().nullable(),
    telegram_payment_charge_id: z.string().nullable(),
    occurred_at: time.nullable(),
    created_at: time,
  })
  .meta({ id: 'StrayPayment' });

export const strayPaymentListSchema = listOf(strayPaymentSchema).meta({ id: 'StrayPaymentList' });

export const strayPaymentQuerySchema = listQuery('strayPayment', { bot_id: idOf('bot').optional() });
export type ListStrayPayments = z.output<typeof strayPaymentQuerySchema>;
