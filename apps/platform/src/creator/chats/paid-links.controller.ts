import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { PaidLinkService, ChatIsPublic, NotAChannel } from '#libs/chats';
import { Database } from '#libs/database';
import { Creator, type CreatorSession, Who } from '../../http/audience.js';
import { Idempotency } from '../../http/idempotency.js';
import { cursorOf, idOf, page } from '../../http/schema.js';
import {
  type CreatePaidLink,
  createPaidLinkSchema,
  type ListPaidLinks,
  listPaidLinksSchema,
  paidLinkId,
  paidLinkListSchema,
  paidLinkView,
  paidLinkViewSchema,
} from './paid-links.schema.js';
import { ASKS_TELEGRAM, Refuses } from '../../http/refuses.js';
import { Answers } from '../../http/answers.js';

const chatId = idOf('chat');

@ApiTags('Chats')
@Controller('v1/chats/:id/paid-links')
export class PaidLinksController {
  constructor(
    private readonly db: Database,
    private readonly links: PaidLinkService,
  ) {}

  @Post()
  @Idempotency({ callsOut: true })
  @Creator('bots:write')
  @Refuses(...ASKS_TELEGRAM, NotAChannel, ChatIsPublic)
  @ApiOperation({
    summary: 'Let Telegram sell access to a channel',
    description:
      'Creates one of Telegram’s own paid invite links: everyone who follows it pays every 30 days, and ' +
      'Telegram admits and removes them. The Stars go to the channel and not to the bot: there are no ' +
      'orders, receipts or events, they are not on your statements, and Starwall cannot refund them. For ' +
      'private channels only. If you need any of these, sell a product with a `chat_id` instead.',
  })
  @Answers(201, paidLinkViewSchema, 'The link, for you to publish.')
  async create(
    @Who() { tenantId }: CreatorSession,
    @Param('id', { schema: chatId }) id: string,
    @Body({ schema: createPaidLinkSchema }) { stars, name }: CreatePaidLink,
  ) {
    return paidLinkView(await this.links.create(tenantId, id, { stars, name: name ?? null }));
  }

  @Get()
  @Creator('bots:read')
  @ApiOperation({ summary: 'List the paid invite links of a channel, newest first' })
  @Answers(200, paidLinkListSchema, 'A page of links.')
  async list(
    @Who() { tenantId }: CreatorSession,
    @Param('id', { schema: chatId }) id: string,
    @Query({ schema: listPaidLinksSchema }) query: ListPaidLinks,
  ) {
    const filter = { limit: query.limit + 1, ...cursorOf(query) };
    return page(await this.db.inTenant(tenantId, (tx) => this.links.list(tx, id, filter)), query, paidLinkView);
  }

  @Post(':link_id/revoke')
  @Idempotency({ callsOut: true })
  @Creator('bots:write')
  @Refuses(...ASKS_TELEGRAM)
  @ApiOperation({
    summary: 'Close a paid invite link to new members',
    description: 'Existing members stay and keep paying: that is between them, Telegram and the channel.',
  })
  @Answers(200, paidLinkViewSchema, 'The link, revoked.')
  async revoke(
    @Who() { tenantId }: CreatorSession,
    @Param('id', { schema: chatId }) id: string,
    @Param('link_id', { schema: paidLinkId }) linkId: string,
  ) {
    return paidLinkView(await this.links.revoke(tenantId, id, linkId));
  }
}
