import { z } from 'zod';
import { publicId } from '#libs/kernel';

/** A start parameter has at most 64 characters of A-Z a-z 0-9 _ - (Bot API, deep linking); `card_`, an id and a hyphen take 37. */
const source = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,27}$/, '1 to 27 characters of A-Z, a-z, 0-9, _ and -')
  .optional()
  .describe('Where the link will stand; orders and metrics name it.');

export const linksQuery = z.strictObject({ source });
export type LinksQuery = z.output<typeof linksQuery>;

export const qrQuery = z.strictObject({
  source,
  to: z.enum(['card', 'buy']).default('card').describe('To the product, or straight to its invoice.'),
  format: z.enum(['png', 'svg']).default('png'),
});
export type QrQuery = z.output<typeof qrQuery>;

export const linksSchema = z
  .object({
    object: z.literal('product_links'),
    product_id: z.string(),
    source: z.string().nullable(),
    card_url: z.string().describe('Opens the bot and shows the product.'),
    buy_url: z.string().describe('Opens the bot and sends the invoice.'),
  })
  .meta({ id: 'ProductLinks' });

/** Where a product is found: `https://t.me/<bot>?start=...`. */
export function linksOf(username: string, productId: string, from: string | undefined): z.output<typeof linksSchema> {
  const product = publicId('product', productId);
  const tail = from === undefined ? product : `${product}-${from}`;
  const url = (way: 'card' | 'buy') => `https://t.me/${username}?start=${way}_${tail}`;
  return {
    object: 'product_links',
    product_id: product,
    source: from ?? null,
    card_url: url('card'),
    buy_url: url('buy'),
  };
}
