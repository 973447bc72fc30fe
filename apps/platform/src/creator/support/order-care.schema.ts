import { z } from 'zod';
import { CONTENT, KEY, LINK } from '#libs/catalog';
import { publicId, type Shown } from '#libs/kernel';
import type { Timeline } from '#libs/sales';

const KINDS = [
  'state',
  'update',
  'event',
  'charge',
  'refund',
  'stray_payment',
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
          facts: z
            .record(z.string(), z.unknown())
            .describe('Details that depend on the kind: ids, states, numbers, reasons.'),
        }),
      )
      .describe('Oldest first.'),
    truncated: z.boolean().describe('True when there are more than the first 1,000.'),
  })
  .meta({ id: 'Timeline' });

export const timelineView = (orderId: string, { entries, truncated }: Timeline): Shown<typeof timelineSchema> => ({
  object: 'timeline' as const,
  order_id: publicId('order', orderId),
  entries,
  truncated,
});

const goods = z
  .strictObject({
    text: z.string().optional().meta({ maxLength: CONTENT.max }),
    link: z.string().optional().meta({ maxLength: LINK.max }),
    key: z.string().optional().meta({ maxLength: KEY.max, description: 'Shown with a button to copy it.' }),
    file_id: z.string().optional().describe('From POST /v1/files.'),
    file_url: z.string().optional().meta({
      maxLength: LINK.max,
      description: "The file's address: https, answers GET with 200 and at most 50 MB, no redirect, no web page.",
    }),
  })
  .meta({ minProperties: 1, maxProperties: 1 })
  .describe('The goods for an order of a `callback`, exactly one of these.');

const reason = z
  .string()
  .trim()
  .min(1)
  .max(500)
  .refine((text) => !text.includes('\u0000'), { error: 'must not contain the character U+0000' });

export const deliverSchema = z
  .strictObject({
    goods: goods.optional(),
    mode: z
      .enum(['send_again', 'mark_delivered'])
      .optional()
      .describe(
        '`send_again`: the bot sends the goods once more; goods that your server has not made are requested ' +
          'again. `mark_delivered`: you have delivered them yourself.',
      ),
    reason: reason.optional().describe("Required with `mode`, and not allowed otherwise: for the order's timeline."),
  })
  .check(({ value, issues }) => {
    const wrong = (path: string, message: string) =>
      issues.push({ code: 'custom', input: value, path: [path], message });
    if ((value.goods === undefined) === (value.mode === undefined))
      wrong('mode', 'must be given, or goods, but not both');
    else if ((value.mode === undefined) !== (value.reason === undefined))
      wrong('reason', value.mode === undefined ? 'must be omitted with goods' : 'must be given');
  })
  .meta({
    id: 'Deliver',
    examples: [{ goods: { text: 'You will be lucky.' } }, { mode: 'send_again', reason: 'Nothing came.' }],
  });
export type Deliver = z.infer<typeof deliverSchema>;
