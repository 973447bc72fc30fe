import { z } from 'zod';
import { publicId, type Shown } from '#libs/kernel';
import { deepLink } from '#libs/sales';

/** A start parameter has at most 64 characters of A-Z a-z 0-9 _ - (Bot API, deep linking); `card_`, an id and a hyphen take 37. */
export const linkSource = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,27}$/, '1 to 27 characters of A-Z, a-z, 0-9, _ and -')
  .optional()
  .describe('Where you will publish the link; orders and metrics show it.');

export const linksQuery = z.strictObject({ source: linkSource });
export type LinksQuery = z.output<typeof linksQuery>;

export const qrQuery = z.strictObject({
  source: linkSource,
  to: z
    .enum(['card', 'buy'])
    .default('card')
    .describe('`card`: the code leads to the product. `buy`: straight to its invoice.'),
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

/** Links to a product: `https://t.me/<bot>?start=...`. */
export function linksOf(username: string, productId: string, from: string | undefined): Shown<typeof linksSchema> {
  return {
    object: 'product_links',
    product_id: publicId('product', productId),
    source: from ?? null,
    card_url: deepLink(username, 'card', productId, from),
    buy_url: deepLink(username, 'buy', productId, from),
  };
}
