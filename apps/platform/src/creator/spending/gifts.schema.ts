import type { Gift } from 'grammy/types';
import { z } from 'zod';
import { PREMIUM, type PremiumMonths } from '#libs/spending';
import { consent, giftText, person } from './spending.schema.js';
import { type Shown } from '#libs/kernel';

export const giftSchema = z
  .object({
    object: z.literal('gift'),
    id: z.string().describe('Telegram’s id of the gift.'),
    emoji: z.string().nullable(),
    stars: z.int(),
    upgrade_stars: z
      .int()
      .nullable()
      .describe('Additional price of the upgrade to a unique gift. null: it cannot be upgraded.'),
    total_count: z.int().nullable().describe('The number of copies of a limited gift.'),
    remaining_count: z.int().nullable(),
  })
  .meta({ id: 'Gift' });
export const giftListSchema = z
  .object({ object: z.literal('list'), data: z.array(giftSchema), has_more: z.literal(false) })
  .meta({ id: 'GiftList' });

export const giftView = (gift: Gift): Shown<typeof giftSchema> => ({
  object: 'gift',
  id: gift.id,
  emoji: gift.sticker.emoji ?? null,
  stars: gift.star_count,
  upgrade_stars: gift.upgrade_star_count ?? null,
  total_count: gift.total_count ?? null,
  remaining_count: gift.remaining_count ?? null,
});

export const sendGiftSchema = z
  .strictObject({
    user_telegram_id: person,
    gift_id: z
      .string()
      .min(1)
      .max(64)
      .meta({ examples: ['5170145012310081615'] }),
    pay_for_upgrade: z
      .boolean()
      .default(false)
      .describe('Also pay for the upgrade, so that it costs the receiver nothing.'),
    text: giftText,
    ...consent,
  })
  .meta({ id: 'SendGift' });
export type SendGift = z.output<typeof sendGiftSchema>;

const months = Object.keys(PREMIUM).map((each) => Number(each) as PremiumMonths);

export const giftPremiumSchema = z
  .strictObject({
    user_telegram_id: person,
    months: z
      .union(months.map((each) => z.literal(each)))
      .describe(months.map((each) => `${each} months cost ${PREMIUM[each]} Stars`).join(', ')),
    text: giftText,
    ...consent,
  })
  .meta({ id: 'GiftPremium' });
export type GiftPremium = z.output<typeof giftPremiumSchema>;
