import { z } from 'zod';
import { publicId, type Shown } from '#libs/kernel';
import {
  conversionOf,
  type Period,
  SALES_GROUPINGS,
  type SalesFigures,
  type SalesGroup,
  type SalesMetrics,
} from '#libs/sales';
import { asOfSchema, asOfView } from '../../http/as-of.js';
import { idOf, idOrNull } from '../../http/schema.js';
import { statementQuerySchema } from '../statements/statements.schema.js';

/** Maximum number of products in one response; the totals include all of them. */
const MOST_GROUPS = 1_000;

const figures = {
  orders: z
    .object({
      placed: z.int().describe('Invoices.'),
      approved: z.int().describe('The number of these that a buyer tried to pay.'),
      paid: z.int().describe('The number of these that have been paid, including refunded ones.'),
      delivered: z.int(),
      stars_given_away: z.int().describe('Total discount by promo codes on the paid orders.'),
    })
    .describe('Orders that were placed in the period.'),
  stars_earned: z.int().describe('Income from sales recorded in the period, before refunds.'),
  refunds: z.object({ count: z.int(), stars: z.int() }).describe('Refunds of sales that were recorded in the period.'),
  conversion: z.number().nullable().describe('`paid` divided by `placed`, to four digits. null without an invoice.'),
};

export const salesMetricsSchema = z
  .object({
    object: z.literal('sales_metrics'),
    from: z.iso.date(),
    to: z.iso.date().describe('Exclusive.'),
    as_of: asOfSchema,
    group_by: z.enum(SALES_GROUPINGS),
    currency: z.literal('XTR'),
    totals: z.object(figures),
    data: z
      .array(
        z.object({
          day: z.iso.date().optional(),
          product_id: z.string().nullable().optional(),
          bot_id: z.string().optional(),
          ...figures,
        }),
      )
      .describe(
        'By day: every day of the period. Otherwise groups with orders or Stars, highest income first, at ' +
          `most ${MOST_GROUPS}.`,
      ),
  })
  .meta({ id: 'SalesMetrics' });

export const salesQuerySchema = statementQuerySchema.extend({
  bot_id: idOf('bot').optional(),
  product_id: idOf('product').optional(),
  group_by: z.enum(SALES_GROUPINGS).default('day'),
});
export type SalesQuery = z.output<typeof salesQuerySchema>;

const day = (time: Date) => time.toISOString().slice(0, 10);

const figuresView = (it: SalesFigures) => ({
  orders: {
    placed: it.placed,
    approved: it.approved,
    paid: it.paid,
    delivered: it.delivered,
    stars_given_away: it.givenAway,
  },
  stars_earned: it.earned,
  refunds: { count: it.refunds, stars: it.refunded },
  conversion: conversionOf(it),
});

function keyView(by: SalesQuery['group_by'], { key }: SalesGroup) {
  if (by === 'day') return { day: String(key) };
  return by === 'product' ? { product_id: idOrNull('product', key) } : { bot_id: publicId('bot', String(key)) };
}

export const salesMetricsView = (
  period: Period,
  by: SalesQuery['group_by'],
  { totals, groups }: SalesMetrics,
  asOf: string,
): Shown<typeof salesMetricsSchema> => ({
  object: 'sales_metrics' as const,
  from: day(period.from),
  to: day(period.to),
  as_of: asOfView(asOf),
  group_by: by,
  currency: 'XTR' as const,
  totals: figuresView(totals),
  data: groups.slice(0, MOST_GROUPS).map((group) => ({ ...keyView(by, group), ...figuresView(group) })),
});
