import { z } from 'zod';
import type { PaidLinkRow } from '#libs/chats';
import { publicId, type Shown, stars } from '#libs/kernel';
import { idOf, listOf, listQuery, timeOrNull } from '../../http/schema.js';

const NOTICE =
  'The Stars go to the channel, not to the bot: Starwall sees no payment, creates no order, and cannot refund.';

export const createPaidLinkSchema = z
  .strictObject({
    stars: z.int().min(1).max(10_000).transform(stars).describe('Whole Stars for each 30 days.'),
    name: z.string().trim().min(1).max(32).optional().describe('Shown to administrators only.'),
  })
  .meta({ id: 'CreatePaidLink' });
export type CreatePaidLink = z.output<typeof createPaidLinkSchema>;

export const paidLinkViewSchema = z
  .object({
    object: z.literal('paid_link'),
    id: z.string(),
    chat_id: z.string(),
    link: z.string(),
    name: z.string().nullable(),
    stars: z.int(),
    period_seconds: z.int(),
    notice: z.literal(NOTICE),
    revoked_at: z.iso.datetime().nullable(),
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'PaidLink' });

export const paidLinkListSchema = listOf(paidLinkViewSchema).meta({ id: 'PaidLinkList' });

export const listPaidLinksSchema = listQuery('paidLink', {});
export type ListPaidLinks = z.output<typeof listPaidLinksSchema>;

export const paidLinkId = idOf('paidLink');

export const paidLinkView = (row: PaidLinkRow): Shown<typeof paidLinkViewSchema> => ({
  object: 'paid_link' as const,
  id: publicId('paidLink', row.id),
  chat_id: publicId('chat', row.chatId),
  link: row.link,
  name: row.name,
  stars: row.stars,
  period_seconds: row.periodSeconds,
  notice: NOTICE,
  revoked_at: timeOrNull(row.revokedAt),
  created_at: row.createdAt.toISOString(),
});
