import { z } from 'zod';
import type { PostedMedia } from '#libs/delivery';
import { publicId } from '#libs/kernel';

export const postPaidMediaSchema = z
  .strictObject({
    channel: z
      .union([z.int().max(-1), z.string().regex(/^@[A-Za-z0-9_]{4,32}$/, 'must be @ and the name of the channel')])
      .meta({ examples: ['@my_channel'], description: 'The id of the channel (-100...) or its @name.' }),
    caption: z
      .string()
      .trim()
      .min(1)
      .max(1_024)
      .optional()
      .describe('Under the media. Title and description of the product when left out.'),
  })
  .meta({ id: 'PostPaidMedia' });
export type PostPaidMedia = z.output<typeof postPaidMediaSchema>;

export const paidMediaPostSchema = z
  .object({
    object: z.literal('paid_media_post'),
    product_id: z.string(),
    stars: z.int(),
    channel: z.object({ id: z.int(), title: z.string(), username: z.string().nullable() }),
    message_id: z.int(),
    stars_go_to: z
      .literal('channel')
      .describe(
        'Whose balance the Stars are added to. Those of a channel are in no order, charge or statement here, and its owner takes them out.',
      ),
  })
  .meta({ id: 'PaidMediaPost' });

export const paidMediaPostView = ({
  product,
  channel,
  messageId,
}: PostedMedia): z.output<typeof paidMediaPostSchema> => ({
  object: 'paid_media_post',
  product_id: publicId('product', product.id),
  stars: product.stars,
  channel,
  message_id: messageId,
  stars_go_to: 'channel',
});
