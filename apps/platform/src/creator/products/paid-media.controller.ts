import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { PaidMediaPosts } from '#libs/delivery';
import { Creator, type CreatorSession, Who } from '../../http/audience.js';
import { Idempotency } from '../../http/idempotency.js';
import { idOf } from '../../http/schema.js';
import {
  paidMediaPostSchema,
  paidMediaPostView,
  type PostPaidMedia,
  postPaidMediaSchema,
} from './paid-media.schema.js';

@ApiTags('Products')
@Controller('v1/products/:id/paid-media-posts')
export class PaidMediaController {
  constructor(private readonly posts: PaidMediaPosts) {}

  @Post()
  @Idempotency({ callsOut: true })
  @Creator('products:write')
  @ApiOperation({
    summary: 'Post paid media to a channel',
    description:
      'The photos and videos of a `paid_media` product, blurred, at its price. The bot must be an administrator that may post. The ' +
      'Stars go to the balance of the channel, not to that of the bot: Telegram tells nobody of such a sale, so there is no order, no ' +
      'charge and no refund here. Sell it in the chat with the bot to have all of these. Every request posts once more; an answer of ' +
      'Telegram that is lost is `telegram_outcome_unknown`.',
  })
  @ApiCreatedResponse({ standardSchema: paidMediaPostSchema, description: 'Where it was posted.' })
  async post(
    @Who() who: CreatorSession,
    @Param('id', { schema: idOf('product') }) id: string,
    @Body({ schema: postPaidMediaSchema }) { channel, caption }: PostPaidMedia,
  ) {
    return paidMediaPostView(await this.posts.post(who.tenantId, id, channel, caption));
  }
}
