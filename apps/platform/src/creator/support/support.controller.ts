import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Database } from '#libs/database';
import { Doorbell } from '#libs/journal';
import { messageView, SupportService, threadView } from '#libs/support';
import { Creator, type CreatorSession, Who } from '../../http/audience.js';
import { cursorOf, idOf, page } from '../../http/schema.js';
import {
  type Answer,
  answerSchema,
  conversationSchema,
  type ListThreads,
  listThreadsSchema,
  messageSchema,
  threadListSchema,
  threadSchema,
} from './support.schema.js';

const threadId = idOf('supportThread');

@ApiTags('Support')
@Controller('v1/support-threads')
export class SupportController {
  constructor(
    private readonly db: Database,
    private readonly support: SupportService,
    private readonly doorbell: Doorbell,
  ) {}

  @Get()
  @Creator('support:read')
  @ApiOperation({
    summary: 'List what buyers ask, newest first',
    description: '`state=open` is what waits for an answer.',
  })
  @ApiOkResponse({ standardSchema: threadListSchema, description: 'A page of threads.' })
  async list(@Who() who: CreatorSession, @Query({ schema: listThreadsSchema }) query: ListThreads) {
    const { state, bot_id: botId, buyer_telegram_id: buyerId, order_id: orderId, limit } = query;
    const filter = { state, botId, buyerId, orderId, limit, ...cursorOf(query) };
    return page(await this.db.inTenant(who.tenantId, (tx) => this.support.list(tx, filter)), query, threadView);
  }

  @Get(':id')
  @Creator('support:read')
  @ApiOperation({ summary: 'Read a conversation' })
  @ApiOkResponse({ standardSchema: conversationSchema, description: 'The thread with its messages.' })
  async get(@Who() who: CreatorSession, @Param('id', { schema: threadId }) id: string) {
    const { thread, messages, hasEarlier } = await this.db.inTenant(who.tenantId, (tx) =>
      this.support.conversation(tx, id),
    );
    return { ...threadView(thread), messages: messages.map(messageView), has_earlier_messages: hasEarlier };
  }

  @Post(':id/messages')
  @Creator('support:write')
  @ApiOperation({
    summary: 'Answer a buyer',
    description:
      'The bot sends it within seconds, after the answers that you gave before. Read the conversation to see whether it arrived. ' +
      'Open to restricted workspaces as well.',
  })
  @ApiCreatedResponse({ standardSchema: messageSchema, description: 'The answer, on its way.' })
  async answer(
    @Who() who: CreatorSession,
    @Param('id', { schema: threadId }) id: string,
    @Body({ schema: answerSchema }) body: Answer,
  ) {
    const answer = { text: body.text, accountId: who.accountId };
    const message = await this.db.inTenant(who.tenantId, (tx) => this.support.answer(tx, id, answer, new Date()));
    this.doorbell.ring('delivery');
    return messageView(message);
  }

  @Post(':id/close')
  @HttpCode(200)
  @Creator('support:write')
  @ApiOperation({
    summary: 'Close a thread',
    description:
      'What the buyer writes goes into it no more, unless they reply to one of your answers, which opens it again. /paysupport opens ' +
      'another one. Safe to repeat.',
  })
  @ApiOkResponse({ standardSchema: threadSchema, description: 'The thread, closed.' })
  async close(@Who() who: CreatorSession, @Param('id', { schema: threadId }) id: string) {
    return threadView(await this.db.inTenant(who.tenantId, (tx) => this.support.close(tx, id, new Date())));
  }
}
