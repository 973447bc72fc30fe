import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Database } from '#libs/database';
import { PaidMediaPosts, NoPaidMedia } from '#libs/delivery';
import { ProductPostService, NotForEverybody } from '#libs/sales';
import { Creator, type CreatorSession, Who } from '../../http/audience.js';
import { Idempotency } from '../../http/idempotency.js';
import { IdempotencyKey } from '../../http/idempotency-key.js';
import { cursorOf, idOf, page } from '../../http/schema.js';
import {
  type CreatePost,
  createPostSchema,
  type ListPosts,
  listPostsSchema,
  postListSchema,
  postSchema,
  postView,
} from './posts.schema.js';
import { ASKS_TELEGRAM, Refuses } from '../../http/refuses.js';
import { TelegramOutcomeUnknown } from '#libs/tenants';
import { ProductNotActive } from '#libs/catalog';
import { BotMayNotPost, BotNotInChat, NotAChannel } from '#libs/chats';
import { Answers } from '../../http/answers.js';

const productId = idOf('product');

@ApiTags('Product posts')
@Controller('v1/products/:id/posts')
export class PostsController {
  constructor(
    private readonly db: Database,
    private readonly posts: ProductPostService,
    private readonly paidMedia: PaidMediaPosts,
  ) {}

  @Post()
  @Idempotency({ required: true, callsOut: true })
  @Creator('products:write')
  @Refuses(
    ...ASKS_TELEGRAM,
    NoPaidMedia,
    ProductNotActive,
    NotForEverybody,
    NotAChannel,
    BotNotInChat,
    TelegramOutcomeUnknown,
    BotMayNotPost,
  )
  @ApiOperation({
    summary: 'Post a product to a channel or group',
    description:
      'The bot posts the card of the product with a Buy button that leads to it, or an invoice that many ' +
      'people can pay in the chat, or the photos and videos of a `paid_media`, blurred until they are ' +
      'paid. A request is posted once per key. If Telegram’s response was lost, the repeated request is refused ' +
      'with `telegram_outcome_unknown`: check the chat before you send it with another key. A post that ' +
      'Telegram refused can be retried with the same key.',
  })
  @Answers(201, postSchema, 'The post, published in the chat.')
  async create(
    @Who() { tenantId }: CreatorSession,
    @IdempotencyKey() key: string,
    @Param('id', { schema: productId }) id: string,
    @Body({ schema: createPostSchema }) { chat_id: chat, way, source, language, caption }: CreatePost,
  ) {
    const wish = { productId: id, chat: String(chat), way, source, language, caption, key };
    const posts = way === 'paid_media' ? this.paidMedia : this.posts;
    return postView(await posts.post(tenantId, wish));
  }

  @Get()
  @Creator('products:read')
  @ApiOperation({ summary: 'List the posts of a product, newest first' })
  @Answers(200, postListSchema, 'A page of posts.')
  async list(
    @Who() { tenantId }: CreatorSession,
    @Param('id', { schema: productId }) id: string,
    @Query({ schema: listPostsSchema }) query: ListPosts,
  ) {
    const wanted = { limit: query.limit + 1, ...cursorOf(query) };
    return page(await this.db.inTenant(tenantId, (tx) => this.posts.list(tx, id, wanted)), query, postView);
  }
}
