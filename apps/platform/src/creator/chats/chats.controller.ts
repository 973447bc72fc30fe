import { Body, Controller, Get, Inject, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ChatAccessService, chatAccessView, ChatService, chatView, chatViewSchema, ChatWatch } from '#libs/chats';
import { Database } from '#libs/database';
import type { Clock } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { Creator, type CreatorSession, Who } from '../../http/audience.js';
import { Idempotency } from '../../http/idempotency.js';
import { cursorOf, idOf, page } from '../../http/schema.js';
import {
  accessListSchema,
  chatListSchema,
  type ListAccesses,
  type ListChats,
  listAccessesSchema,
  listChatsSchema,
  type UpdateChat,
  updateChatSchema,
} from './chats.schema.js';
import { Answers } from '../../http/answers.js';

const chatId = idOf('chat');

@ApiTags('Chats')
@Controller('v1/chats')
export class ChatsController {
  constructor(
    private readonly db: Database,
    private readonly chats: ChatService,
    private readonly accesses: ChatAccessService,
    private readonly watch: ChatWatch,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @Creator('bots:read')
  @ApiOperation({
    summary: 'List the chats of your bots, newest first',
    description:
      'A group or channel is listed from the moment one of your bots becomes an administrator there. Give ' +
      'the bot the rights to invite and to ban users, and keep the chat private; then sell access with a ' +
      'product that has the chat as its `chat_id`.',
  })
  @Answers(200, chatListSchema, 'A page of chats.')
  async list(@Who() { tenantId }: CreatorSession, @Query({ schema: listChatsSchema }) query: ListChats) {
    const filter = { botId: query.bot_id, ready: query.ready, limit: query.limit + 1, ...cursorOf(query) };
    return page(await this.db.inTenant(tenantId, (tx) => this.chats.list(tx, filter)), query, chatView);
  }

  @Get(':id')
  @Creator('bots:read')
  @ApiOperation({ summary: 'Read a chat and the rights that its bot lacks' })
  @Answers(200, chatViewSchema, 'The chat, as last reported by Telegram.')
  async get(@Who() { tenantId }: CreatorSession, @Param('id', { schema: chatId }) id: string) {
    return chatView(await this.db.inTenant(tenantId, (tx) => this.chats.get(tx, id)));
  }

  @Patch(':id')
  @Creator('bots:write')
  @ApiOperation({ summary: "Change a chat's admission or metadata" })
  @Answers(200, chatViewSchema, 'The chat as it is now.')
  async update(
    @Who() { tenantId }: CreatorSession,
    @Param('id', { schema: chatId }) id: string,
    @Body({ schema: updateChatSchema }) body: UpdateChat,
  ) {
    const chat = await this.db.inTenant(tenantId, (tx) => this.chats.update(tx, id, body, this.clock.now()));
    return chatView(chat);
  }

  @Post(':id/check')
  @Idempotency({ callsOut: true })
  @Creator('bots:write')
  @ApiOperation({
    summary: "Ask Telegram for the bot's rights in a chat now",
    description:
      'This also happens hourly, and whenever Telegram reports a change. If Telegram does not respond, nothing changes.',
  })
  @Answers(200, chatViewSchema, 'The chat as it is now.')
  async check(@Who() { tenantId }: CreatorSession, @Param('id', { schema: chatId }) id: string) {
    const chat = await this.watch.look(tenantId, id);
    return chatView(chat);
  }

  @Get(':id/members')
  @Creator('orders:read')
  @ApiOperation({
    summary: 'List the buyers of access to a chat, newest first',
    description:
      'Members who never bought access are not listed, because Telegram does not list members to bots; ' +
      'they are never removed.',
  })
  @Answers(200, accessListSchema, 'A page of accesses.')
  async members(
    @Who() { tenantId }: CreatorSession,
    @Param('id', { schema: chatId }) id: string,
    @Query({ schema: listAccessesSchema }) query: ListAccesses,
  ) {
    const { state, buyer_telegram_id: buyerId, limit } = query;
    const filter = { state, buyerId, limit: limit + 1, ...cursorOf(query) };
    const rows = await this.db.inTenant(tenantId, async (tx) => {
      await this.chats.get(tx, id);
      return this.accesses.list(tx, id, filter);
    });
    return page(rows, query, chatAccessView);
  }
}
