import { z } from 'zod';
import { publicId, type Shown } from '#libs/kernel';
import { POST_STATES, POST_WAYS, type ProductPostRow } from '#libs/chats';
import { LANGUAGES } from '#libs/texts';
import { listOf, listQuery, messageText } from '../../http/schema.js';
import { linkSource } from './links.schema.js';

// Telegram's ids of groups and channels are negative and have at most 52 bits (Bot API, Chat).
const chat = z
  .union([
    z.string().regex(/^@[A-Za-z][A-Za-z0-9_]{3,31}$/, '@ and the public name of a group or channel'),
    z
      .int()
      .min(-(2 ** 52))
      .max(-1),
  ])
  .meta({
    examples: ['@my_channel'],
    description: 'A group or channel in which the bot may post: `@name`, or its number, which is negative.',
  });

export const createPostSchema = z
  .strictObject({
    chat_id: chat,
    way: z
      .enum(POST_WAYS)
      .default('button')
      .describe(
        '`button`: a card with a button into the bot. `invoice`: one that anyone can pay in the chat. ' +
          '`paid_media`: the photos and videos of a product of that kind, blurred until they are paid; in ' +
          'channels only.',
      ),
    source: linkSource,
    language: z.enum(LANGUAGES).default('en').describe('The language of the post, except for your own words.'),
    caption: messageText(1_024)
      .optional()
      .describe('Below paid media. If omitted, title and description of the product.'),
  })
  .refine(({ way, caption }) => caption === undefined || way === 'paid_media', {
    path: ['caption'],
    error: 'must be omitted: only posts with `paid_media` have one',
  })
  .meta({ id: 'CreateProductPost' });
export type CreatePost = z.output<typeof createPostSchema>;

export const listPostsSchema = listQuery('productPost', {});
export type ListPosts = z.output<typeof listPostsSchema>;

export const postSchema = z
  .object({
    object: z.literal('product_post'),
    id: z.string(),
    bot_id: z.string(),
    product_id: z.string(),
    chat_id: z.union([z.int(), z.string()]).describe('As Telegram returned it; before that, as requested.'),
    chat_title: z.string().nullable(),
    way: z.enum(POST_WAYS),
    source: z.string().nullable(),
    language: z.enum(LANGUAGES),
    caption: z.string().nullable(),
    stars_go_to: z
      .enum(['bot', 'channel'])
      .describe(
        'The balance that receives the Stars. For paid media it is the channel’s: those are in no order, ' +
          'charge or statement here, and its owner withdraws them.',
      ),
    state: z
      .enum(POST_STATES)
      .describe(
        '`refused`: it was not posted. `unknown` and, after a while, `sending`: the response was lost; check the chat.',
      ),
    failure: z.string().nullable().describe("Telegram's error message."),
    message_id: z.int().nullable(),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'ProductPost' });

export const postListSchema = listOf(postSchema).meta({ id: 'ProductPostList' });

export const postView = (post: ProductPostRow): Shown<typeof postSchema> => ({
  object: 'product_post' as const,
  id: publicId('productPost', post.id),
  bot_id: publicId('bot', post.botId),
  product_id: publicId('product', post.productId),
  chat_id: post.chatId ?? post.chat,
  chat_title: post.chatTitle,
  way: post.way,
  source: post.source,
  language: post.language,
  caption: post.caption,
  stars_go_to: post.way === 'paid_media' ? ('channel' as const) : ('bot' as const),
  state: post.state,
  failure: post.failure,
  message_id: post.messageId,
  created_at: post.createdAt.toISOString(),
  updated_at: post.updatedAt.toISOString(),
});
