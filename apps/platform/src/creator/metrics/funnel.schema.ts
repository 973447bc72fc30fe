import { z } from 'zod';
import { publicId, type Shown } from '#libs/kernel';
import type { FunnelRow, Period } from '#libs/sales';
import { asOfSchema, asOfView } from '../../http/as-of.js';
import { idOf, pageLimit } from '../../http/schema.js';
import { statementQuerySchema } from '../statements/statements.schema.js';

export const funnelQuerySchema = statementQuerySchema.extend({
  product_id: idOf('product').optional(),
  limit: pageLimit,
});
export type FunnelQuery = z.output<typeof funnelQuerySchema>;

export const funnelSchema = z
  .object({
    object: z.literal('funnel'),
    from: z.iso.date(),
    to: z.iso.date().describe('Exclusive.'),
    as_of: asOfSchema,
    data: z.array(
      z.object({
        product_id: z.string(),
        source: z.string().nullable().describe('The source in the link; null for buyers without a source.'),
        seen: z.int().describe('Buyers who viewed the product.'),
        invoiced: z.int(),
        checked_out: z.int().describe('The number of these that a buyer tried to pay.'),
        paid: z.int(),
        delivered: z.int(),
      }),
    ),
  })
  .meta({ id: 'Funnel' });

const day = (time: Date) => time.toISOString().slice(0, 10);

export const funnelView = (
  { from, to }: Period,
  rows: readonly FunnelRow[],
  asOf: string,
): Shown<typeof funnelSchema> => ({
  object: 'funnel' as const,
  from: day(from),
  to: day(to),
  as_of: asOfView(asOf),
  data: rows.map(({ productId, source, approved, seen, invoiced, paid, delivered }) => ({
    product_id: publicId('product', productId),
    source: source === '' ? null : source,
    seen,
    invoiced,
    checked_out: approved,
    paid,
    delivered,
  })),
});
