import { z } from 'zod';
import { publicId, type Shown } from '#libs/kernel';
import type { InvoiceLink } from '#libs/sales';
import { LANGUAGES } from '#libs/texts';

export const createInvoiceLinkSchema = z
  .strictObject({
    source: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,64}$/, '1 to 64 characters of A-Z, a-z, 0-9, _ and -')
      .optional()
      .describe('Where you will publish the link; orders and metrics show it.'),
    language: z.enum(LANGUAGES).default('en').describe('The language of the invoice, except for your own words.'),
  })
  .meta({ id: 'CreateInvoiceLink' });
export type CreateInvoiceLink = z.output<typeof createInvoiceLinkSchema>;

export const invoiceLinkSchema = z
  .object({
    object: z.literal('invoice_link'),
    product_id: z.string(),
    price_version: z.int(),
    stars: z.int().describe('The price on the invoice.'),
    source: z.string().nullable(),
    url: z.string(),
  })
  .meta({ id: 'InvoiceLink' });

export const invoiceLinkView = ({ product, source, url }: InvoiceLink): Shown<typeof invoiceLinkSchema> => ({
  object: 'invoice_link',
  product_id: publicId('product', product.id),
  price_version: product.priceVersion,
  stars: product.stars,
  source: source ?? null,
  url,
});
