import { z } from 'zod';
import { idOrNull, publicId, type Shown, shownNotes, shownTime, timeOrNull } from '#libs/kernel';
import { PRODUCT_KINDS } from '../kinds/kinds.js';
import type { PriceVersionRow } from './product.entity.js';
import { PRODUCT_STATES } from './product.js';
import { termsSchemas, termsView, toldTermsSchemas, toldTermsView } from './terms-view.js';
import type { Product } from './terms.rows.js';

/** A product as its events show it: without the goods. */
export const productEventSchema = z
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
      .describe('Increases with every change of the price. An order refers to the version at which it was placed.'),
    credits: z.object({ unit: z.string(), amount: z.int(), expires_after_days: z.int().nullable() }).nullable(),
    fulfilment_url: z.string().nullable(),
    fulfilment_deadline_seconds: z.int().nullable(),
    refund_at_deadline: z.boolean().nullable(),
    ...toldTermsSchemas,
    chat_id: z.string().nullable(),
    chat_ready: z
      .boolean()
      .nullable()
      .describe(
        'False while access to that chat cannot be sold; the product is then not sold either. null: it opens no chat.',
      ),
    photo_file_id: z.string().nullable(),
    photo_url: z.string().nullable(),
    stock: z.int().nullable(),
    limit_per_buyer: z.int().nullable(),
    sale_starts_at: shownTime.nullable(),
    sale_ends_at: shownTime.nullable(),
    position: z.int(),
    tags: z.array(z.string()),
    hidden: z.boolean(),
    metadata: shownNotes,
    created_at: shownTime,
    updated_at: shownTime,
  })
  .meta({ id: 'ProductEvent' });

export const productViewSchema = productEventSchema
  .extend({ content: z.string().nullable(), file_id: z.string().nullable(), ...termsSchemas })
  .meta({ id: 'Product' });

export const stockWarningSchema = z
  .object({ object: z.literal('stock_warning'), product_id: z.string(), stock: z.int(), low_stock_at: z.int() })
  .meta({ id: 'StockWarning' });

export const priceViewSchema = z
  .object({
    object: z.literal('price_version'),
    product_id: z.string(),
    version: z.int(),
    stars: z.int(),
    created_at: shownTime,
  })
  .meta({ id: 'PriceVersion' });

export const productEventView = (row: Product): Shown<typeof productEventSchema> => ({
  object: 'product' as const,
  id: publicId('product', row.id),
  bot_id: publicId('bot', row.botId),
  kind: row.kind,
  title: row.title,
  description: row.description,
  state: row.state,
  stars: row.stars,
  price_version: row.priceVersion,
  credits:
    row.creditUnit === null || row.creditAmount === null
      ? null
      : { unit: row.creditUnit, amount: row.creditAmount, expires_after_days: row.creditDays },
  fulfilment_url: row.fulfilmentUrl,
  fulfilment_deadline_seconds: row.fulfilmentDeadlineSeconds,
  refund_at_deadline: row.refundAtDeadline,
  ...toldTermsView(row.terms),
  chat_id: idOrNull('chat', row.chatId),
  chat_ready: row.chatId === null ? null : row.chatReady,
  photo_file_id: idOrNull('file', row.photoFileId),
  photo_url: row.photoUrl,
  stock: row.stock,
  limit_per_buyer: row.limitPerBuyer,
  sale_starts_at: timeOrNull(row.saleStartsAt),
  sale_ends_at: timeOrNull(row.saleEndsAt),
  position: row.position,
  tags: row.tags,
  hidden: row.hidden,
  metadata: row.metadata,
  created_at: row.createdAt.toISOString(),
  updated_at: row.updatedAt.toISOString(),
});

/** A product as its creator reads it: the event's fields and the goods. */
export const productView = (row: Product): Shown<typeof productViewSchema> => ({
  ...productEventView(row),
  content: row.content,
  file_id: idOrNull('file', row.fileId),
  ...termsView(row.terms),
});

/** A pool that is running low, as its event shows it. */
export const stockWarningView = (
  productId: string,
  stock: number,
  lowStockAt: number,
): Shown<typeof stockWarningSchema> => ({
  object: 'stock_warning' as const,
  product_id: publicId('product', productId),
  stock,
  low_stock_at: lowStockAt,
});

export const priceView = (row: PriceVersionRow): Shown<typeof priceViewSchema> => ({
  object: 'price_version' as const,
  product_id: publicId('product', row.productId),
  version: row.version,
  stars: row.stars,
  created_at: row.createdAt.toISOString(),
});
