import { idOrNull, publicId, timeOrNull } from '#libs/kernel';
import { fieldName, type ProductTerms, TERMS_KINDS, toldTerms } from './kinds.js';
import type { Product } from './terms.rows.js';

/** Terms under the names of the API; null for kinds that are not the product's. */
const termsEventView = (terms: ProductTerms) =>
  Object.fromEntries(
    TERMS_KINDS.map((kind) => {
      const told = terms[kind] === undefined ? {} : toldTerms(kind, terms);
      const own = Object.entries(told).map(([name, value]) => [fieldName(name), value]);
      return [kind, own.length === 0 ? null : Object.fromEntries(own)];
    }),
  );

/** A pool that runs low, as its event shows it. */
export const stockWarningView = (productId: string, stock: number, lowStockAt: number) => ({
  object: 'stock_warning' as const,
  product_id: publicId('product', productId),
  stock,
  low_stock_at: lowStockAt,
});

/** A product as its events show it: without what buyers pay for. */
export const productEventView = (row: Product) => ({
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
    row.creditUnit === null
      ? null
      : { unit: row.creditUnit, amount: row.creditAmount, expires_after_days: row.creditDays },
  fulfilment_url: row.fulfilmentUrl,
  fulfilment_deadline_seconds: row.fulfilmentDeadlineSeconds,
  refund_at_deadline: row.refundAtDeadline,
  ...termsEventView(row.terms),
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
