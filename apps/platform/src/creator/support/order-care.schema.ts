import { z } from 'zod';
import { publicId } from '#libs/kernel';
import type { Timeline } from '#libs/sales';

const KINDS = [
  'state',
  'update',
  'event',
  'charge',
  'refund',
  'handover_attempt',
  'manual_delivery',
  'webhook_delivery',
  'webhook_attempt',
  'support_message',
] as const;

export const timelineSchema = z
  .object({
    object: z.literal('timeline'),
    order_id: z.string(),
    entries: z
      .array(
        z.object({
          at: z.iso.datetime(),
          kind: z.enum(KINDS),
          summary: z.string().describe('One sentence for people.'),
          facts: z.record(z.string(), z.unknown()).describe('What belongs to the kind: ids, states, numbers, reasons.'),
        }),
      )
      .describe('Oldest first.'),
    truncated: z.boolean().describe('Whether there are more than the first 1,000.'),
  })
  .meta({ id: 'Timeline' });

export const timelineView = (orderId: string, { entries, truncated }: Timeline) => ({
  object: 'timeline' as const,
  order_id: publicId('order', orderId),
  entries,
  truncated,
});

export const deliverSchema = z.strictObject({
  mode: z
    .enum(['send_again', 'mark_delivered'])
    .describe('`send_again`: the bot sends the goods once more. `mark_delivered`: you have handed them over yourself.'),
  reason: z
    .string()
    .trim()
    .min(1)
    .max(500)
    .refine((text) => !text.includes('\u0000'), { error: 'must not hold the character U+0000' })
    .describe("For the order's timeline."),
});
export type Deliver = z.infer<typeof deliverSchema>;
