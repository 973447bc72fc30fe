import { z } from 'zod';
import { type PriceVersionRow, PRODUCT_KINDS, PRODUCT_STATES, type Product, productEventView } from '#libs/catalog';
import type { SavedProduct } from '#libs/delivery';
import { publicId } from '#libs/kernel';
import { idOrNull, listOf } from '../../http/schema.js';
import { termsView, termsViewSchemas } from './terms.schema.js';

export const productViewSchema = z
  .object({
    object: z.literal('product'),
    id: z.string(),
    bot_id: z.string(),
    kind: z.enum(PRODUCT_KINDS),
    title: z.string(),
    description: z.string(),
    state: z.enum(PRODUCT_STATES),
    stars: z.int(),
    price_version: z
      .int()
      .describe('Grows by one with every change of price. An order names the version it was placed with.'),
    content: z.string().nullable(),
    file_id: z.string().nullable(),
    credits: z.object({ unit: z.string(), amount: z.int(), expires_after_days: z.int().nullable() }).nullable(),
    fulfilment_url: z.string().nullable(),
    fulfilment_deadline_seconds: z.int().nullable(),
    refund_at_deadline: z.boolean().nullable(),
    ...termsViewSchemas,
    chat_id: z.string().nullable(),
    chat_ready: z
      .boolean()
      .nullable()
      .describe('False while the bot lacks rights in that chat: then it is not sold. null: it opens no chat.'),
    photo_file_id: z.string().nullable(),
    photo_url: z.string().nullable(),
    stock: z.int().nullable(),
    limit_per_buyer: z.int().nullable(),
    sale_starts_at: z.iso.datetime().nullable(),
    sale_ends_at: z.iso.datetime().nullable(),
    position: z.int(),
    tags: z.array(z.string()),
    hidden: z.boolean(),
    metadata: z.record(z.string(), z.string()),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'Product' });

export const savedProductViewSchema = productViewSchema
  .extend({
    fulfilment_secret: z
      .string()
      .nullable()
      .describe(
        'Of a `callback` or `paid_command` that was made just now: verifies the requests for its goods. Never shown again.',
      ),
  })
  .meta({ id: 'SavedProduct' });

export const priceViewSchema = z
  .object({
    object: z.literal('price_version'),
    product_id: z.string(),
    version: z.int(),
    stars: z.int(),
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'PriceVersion' });

export const productListSchema = listOf(productViewSchema).meta({ id: 'ProductList' });
export const priceListSchema = listOf(priceViewSchema).meta({ id: 'PriceVersionList' });

/** A product as its creator reads it: what events say, and what buyers pay for. */
export const productView = (row: Product) => ({
  ...productEventView(row),
  content: row.content,
  file_id: idOrNull('file', row.fileId),
  ...termsView(row.terms),
});

export const savedProductView = ({ product, secret }: SavedProduct) => ({
  ...productView(product),
  fulfilment_secret: secret,
});

export const priceView = (row: PriceVersionRow) => ({
  object: 'price_version' as const,
  product_id: publicId('product', row.productId),
  version: row.version,
  stars: row.stars,
  created_at: row.createdAt.toISOString(),
});
