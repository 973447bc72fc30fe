import { z } from 'zod';
import { publicId, type Shown } from '#libs/kernel';
import { MAX_STARS_OFF, MAX_USES, PROMO_STATES, type PromoStanding } from '#libs/sales';
import { idOf, idOrNull, listOf, listQuery, notes, notesView, timeOrNull } from '../../http/schema.js';

const time = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const uses = z.int().min(1).max(MAX_USES).nullable();

const limits = {
  max_uses: uses.describe('Maximum number of orders paid with it, by all buyers together. null: unlimited.'),
  max_uses_per_buyer: uses.describe("Maximum number of one buyer's orders paid with it. null: unlimited."),
  starts_at: time.nullable(),
  ends_at: time.nullable().describe('The end of its validity.'),
};

export const createPromoSchema = z
  .strictObject({
    bot_id: idOf('bot'),
    code: z.string().max(64).meta({
      minLength: 3,
      maxLength: 32,
      description: 'The text that buyers type: letters, digits, _ and -. Lower case becomes upper case.',
    }),
    percent_off: z
      .int()
      .min(1)
      .max(100)
      .optional()
      .describe('Either this or `stars_off`. The price is at least 1 Star.'),
    stars_off: z.int().min(1).max(MAX_STARS_OFF).optional(),
    product_id: idOf('product').optional().describe('For this product only. If omitted, for the whole bot.'),
    max_uses: limits.max_uses.optional(),
    max_uses_per_buyer: limits.max_uses_per_buyer.optional(),
    starts_at: limits.starts_at.optional(),
    ends_at: limits.ends_at.optional(),
    metadata: notes.optional(),
  })
  .meta({ id: 'CreatePromoCode' });
export type CreatePromo = z.infer<typeof createPromoSchema>;

export const updatePromoSchema = z
  .strictObject({ ...limits, metadata: notes })
  .partial()
  .meta({ id: 'UpdatePromoCode' });
export type UpdatePromo = z.infer<typeof updatePromoSchema>;

export const listPromosSchema = listQuery('promoCode', {
  bot_id: idOf('bot').optional(),
  state: z.enum(PROMO_STATES).optional(),
});
export type ListPromos = z.infer<typeof listPromosSchema>;

export const promoViewSchema = z
  .object({
    object: z.literal('promo_code'),
    id: z.string(),
    bot_id: z.string(),
    code: z.string(),
    state: z.enum(PROMO_STATES),
    percent_off: z.int().nullable(),
    stars_off: z.int().nullable(),
    product_id: z.string().nullable(),
    max_uses: z.int().nullable(),
    max_uses_per_buyer: z.int().nullable(),
    uses: z
      .int()
      .describe(
        'Orders that are paid with it, or are being paid. An order that ends unpaid or is refunded does not count.',
      ),
    orders_paid: z.int().describe('The number of these that are paid.'),
    stars_given_away: z.int().describe('Total discount on paid orders.'),
    starts_at: z.iso.datetime().nullable(),
    ends_at: z.iso.datetime().nullable(),
    metadata: notesView,
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'PromoCode' });
export const promoListSchema = listOf(promoViewSchema).meta({ id: 'PromoCodeList' });

/** The fields of the body, in the terms of sales. */
export const newPromoOf = (body: CreatePromo) => ({
  botId: body.bot_id,
  code: body.code,
  percentOff: body.percent_off ?? null,
  starsOff: body.stars_off ?? null,
  productId: body.product_id ?? null,
  maxUses: body.max_uses ?? null,
  maxUsesPerBuyer: body.max_uses_per_buyer ?? null,
  startsAt: body.starts_at ?? null,
  endsAt: body.ends_at ?? null,
  metadata: body.metadata ?? {},
});

export const promoChangeOf = (body: UpdatePromo) => ({
  maxUses: body.max_uses,
  maxUsesPerBuyer: body.max_uses_per_buyer,
  startsAt: body.starts_at,
  endsAt: body.ends_at,
  metadata: body.metadata,
});

export const promoView = ({ promo, paid, givenAway }: PromoStanding): Shown<typeof promoViewSchema> => ({
  object: 'promo_code' as const,
  id: publicId('promoCode', promo.id),
  bot_id: publicId('bot', promo.botId),
  code: promo.code,
  state: promo.state,
  percent_off: promo.percentOff,
  stars_off: promo.starsOff,
  product_id: idOrNull('product', promo.productId),
  max_uses: promo.maxUses,
  max_uses_per_buyer: promo.maxUsesPerBuyer,
  uses: promo.uses,
  orders_paid: paid,
  stars_given_away: givenAway,
  starts_at: timeOrNull(promo.startsAt),
  ends_at: timeOrNull(promo.endsAt),
  metadata: promo.metadata,
  created_at: promo.createdAt.toISOString(),
  updated_at: promo.updatedAt.toISOString(),
});
