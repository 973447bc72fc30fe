import { z } from 'zod';
import {
  CONTENT,
  DESCRIPTION,
  FULFILMENT_SECONDS,
  LINK,
  MAX_POSITION,
  MAX_PRICE,
  MAX_STOCK,
  MAX_TAGS,
  PRODUCT_KINDS,
  PRODUCT_STATES,
  TITLE,
} from '#libs/catalog';
import { CREDIT_UNIT, MAX_CREDIT_DAYS, MAX_CREDITS } from '#libs/kernel';
import { idOf, listQuery, metadata, pageLimit } from '../../http/schema.js';
import { changedTerms, newTerms, termsIn } from './terms.schema.js';

const time = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

// The catalogue checks lengths, because it counts characters; zod would count UTF-16 units. Here they are
// documentation.
const fields = {
  title: z.string().meta({ minLength: 1, maxLength: TITLE.max, description: 'One line, shown on the invoice.' }),
  description: z.string().meta({ minLength: 1, maxLength: DESCRIPTION.max, description: 'Shown on the invoice.' }),
  stars: z
    .int()
    .min(0)
    .max(MAX_PRICE)
    .describe('The price in whole Telegram Stars, at least 1. 0 for a `paid_command` that is sold for credits only.'),
  content: z.string().nullable().meta({
    maxLength: CONTENT.max,
    description: 'The goods: the text of a `text`, the address of a `link` (https, http or tg).',
  }),
  file_id: idOf('file').nullable().describe('The goods of a `file`; from POST /v1/files.'),
  photo_file_id: idOf('file')
    .nullable()
    .describe(
      'A photo from POST /v1/files, at most 10 MB, on the card in the bot. On an invoice Telegram shows ' +
        'only photos with a URL.',
    ),
  photo_url: z.string().nullable().meta({
    maxLength: LINK.max,
    description: 'A photo that Telegram fetches for the card and the invoice: https. Instead of `photo_file_id`.',
  }),
  stock: z.int().min(0).max(MAX_STOCK).nullable().describe('Units left. null: unlimited.'),
  limit_per_buyer: z
    .int()
    .min(1)
    .max(MAX_STOCK)
    .nullable()
    .describe('Maximum number of purchases per buyer. null: unlimited.'),
  sale_starts_at: time.nullable(),
  sale_ends_at: time.nullable().describe('The end of the sale.'),
  position: z
    .int()
    .min(-MAX_POSITION)
    .max(MAX_POSITION)
    .describe('Position in the shop, lowest first. 0 if never set.'),
  tags: z
    .array(z.string().min(1).max(64))
    .max(MAX_TAGS)
    .describe('Categories of the shop. A change replaces them as a whole.'),
  hidden: z.boolean().describe('Hidden from all lists of the shop: reachable only through a link. false if never set.'),
  metadata: metadata.describe('For your own use. A change replaces it as a whole.'),
};

const fulfilmentUrl = z.string().meta({
  maxLength: 2_048,
  description:
    'For a `callback` or a `paid_command`, which your server fulfils: the address from which the ' +
    'goods are requested when an order is paid. https on port 443 or 8443.',
});

/** Set at creation and never changed, because invoices show it. */
const promise = {
  fulfilment_deadline_seconds: z
    .int()
    .min(FULFILMENT_SECONDS.min)
    .max(FULFILMENT_SECONDS.max)
    .describe(
      'Seconds from the payment within which your server must deliver the goods. If omitted, a day for a `callback` and an hour for a `paid_command`.',
    ),
  refund_at_deadline: z
    .boolean()
    .describe(
      'Refund the Stars automatically if the goods have not arrived by then. true if omitted. Credits are always returned.',
    ),
};

const credits = z
  .strictObject({
    unit: z.string().regex(CREDIT_UNIT).describe('The unit of the credits, a short name like `scan`.'),
    amount: z.int().min(1).max(MAX_CREDITS),
    expires_after_days: z
      .int()
      .min(1)
      .max(MAX_CREDIT_DAYS)
      .nullable()
      .default(null)
      .describe('Validity in days after the payment. null: no expiry. The invoice shows it.'),
  })
  .describe(
    'The credits that the buyer receives. They never change, because invoices show them. Create another product instead.',
  );

export const createProductSchema = z
  .strictObject({
    bot_id: idOf('bot'),
    kind: z.enum(PRODUCT_KINDS),
    state: z.enum(['draft', 'active']).optional().describe('active if omitted.'),
    title: fields.title,
    description: fields.description,
    stars: fields.stars,
    content: fields.content.optional(),
    file_id: fields.file_id.optional(),
    credits: credits.optional(),
    fulfilment_url: fulfilmentUrl.optional(),
    fulfilment_deadline_seconds: promise.fulfilment_deadline_seconds.optional(),
    refund_at_deadline: promise.refund_at_deadline.optional(),
    ...newTerms,
    chat_id: idOf('chat')
      .optional()
      .describe(
        'The chat that opens for the buyers of a `chat_access`, and optionally for those of a `subscription`. Never changed.',
      ),
    photo_file_id: fields.photo_file_id.optional(),
    photo_url: fields.photo_url.optional(),
    stock: fields.stock.optional(),
    limit_per_buyer: fields.limit_per_buyer.optional(),
    sale_starts_at: fields.sale_starts_at.optional(),
    sale_ends_at: fields.sale_ends_at.optional(),
    position: fields.position.optional(),
    tags: fields.tags.optional(),
    hidden: fields.hidden.optional(),
    metadata: fields.metadata.optional(),
  })
  .meta({ id: 'CreateProduct' });
export type CreateProduct = z.infer<typeof createProductSchema>;

export const updateProductSchema = z
  .strictObject({ ...fields, fulfilment_url: fulfilmentUrl, ...changedTerms })
  .partial()
  .meta({ id: 'UpdateProduct' });
export type UpdateProduct = z.infer<typeof updateProductSchema>;

export const listProductsSchema = listQuery('product', {
  bot_id: idOf('bot').optional(),
  state: z.enum(PRODUCT_STATES).optional(),
});
export type ListProducts = z.infer<typeof listProductsSchema>;

export const listPricesSchema = z.strictObject({
  limit: pageLimit,
  starting_after: z.coerce
    .number()
    .int()
    .min(1)
    .max(2_147_483_647)
    .optional()
    .describe('The last version of the previous page.'),
});
export type ListPrices = z.infer<typeof listPricesSchema>;

/** The fields of the body, in the catalogue's terms. */
export const changeOf = (body: UpdateProduct) => ({
  title: body.title,
  description: body.description,
  stars: body.stars,
  content: body.content,
  fulfilmentUrl: body.fulfilment_url,
  fileId: body.file_id,
  terms: termsIn(body),
  photoFileId: body.photo_file_id,
  photoUrl: body.photo_url,
  stock: body.stock,
  limitPerBuyer: body.limit_per_buyer,
  saleStartsAt: body.sale_starts_at,
  saleEndsAt: body.sale_ends_at,
  position: body.position,
  tags: body.tags,
  hidden: body.hidden,
  metadata: body.metadata,
});

/** The body's pack of credits, in the catalogue's terms. */
export const packOf = (pack: CreateProduct['credits']) => ({
  creditUnit: pack?.unit,
  creditAmount: pack?.amount,
  creditDays: pack?.expires_after_days,
});

/** The body's promise about goods that a server makes. */
export const promiseOf = (body: CreateProduct) => ({
  fulfilmentDeadlineSeconds: body.fulfilment_deadline_seconds,
  refundAtDeadline: body.refund_at_deadline,
});
