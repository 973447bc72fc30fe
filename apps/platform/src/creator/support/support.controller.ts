import { Body, Controller, Get, Header, Param, Post, Query, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Database } from '#libs/database';
import type { Shown } from '#libs/kernel';
import {
  messageSchema,
  messageView,
  SupportFiles,
  SupportService,
  ThreadClosed,
  type ThreadExtras,
  ThreadExtrasService,
  threadSchema,
  type SupportThreadRow,
  threadView,
} from '#libs/support';
import { buyerView } from '#libs/sales';
import { Creator, type CreatorSession, Who } from '../../http/audience.js';
import { cursorOf, idOf, page } from '../../http/schema.js';
import { attachment } from '../../http/attachment.js';
import {
  type Answer,
  answerSchema,
  conversationSchema,
  type expandedThreadSchema,
  type ListThreads,
  listThreadsSchema,
  threadListSchema,
} from './support.schema.js';
import { ASKS_TELEGRAM, Refuses } from '../../http/refuses.js';
import { Answers } from '../../http/answers.js';

const threadId = idOf('supportThread');
const messageId = idOf('supportMessage');

interface Listed {
  readonly thread: SupportThreadRow;
  readonly extras: ThreadExtras | undefined;
}

const expandedView = ({ thread, extras }: Listed): Shown<typeof expandedThreadSchema> => ({
  ...threadView(thread),
  ...(extras?.buyer === undefined ? {} : { buyer: buyerView(extras.buyer) }),
  ...(extras?.lastMessage === undefined ? {} : { last_message: messageView(extras.lastMessage) }),
});

@ApiTags('Support')
@Controller('v1/support-threads')
export class SupportController {
  constructor(
    private readonly db: Database,
    private readonly support: SupportService,
    private readonly extras: ThreadExtrasService,
    private readonly files: SupportFiles,
  ) {}

  @Get()
  @Creator('support:read')
  @ApiOperation({
    summary: "List buyers' questions, newest first",
    description: '`state=open` lists questions that wait for an answer.',
  })
  @Answers(200, threadListSchema, 'A page of threads.')
  async list(@Who() who: CreatorSession, @Query({ schema: listThreadsSchema }) query: ListThreads) {
    const { state, bot_id: botId, buyer_telegram_id: buyerId, order_id: orderId, limit } = query;
    const filter = { state, botId, buyerId, orderId, limit, ...cursorOf(query) };
    const rows = await this.db.inTenant(who.tenantId, async (tx) => {
      const threads = await this.support.list(tx, filter);
      const extras = await this.extras.of(tx, threads, query.expand ?? []);
      return threads.map((thread, n) => ({ thread, extras: extras[n] }));
    });
    return page(rows, query, expandedView);
  }

  @Get(':id')
  @Creator('support:read')
  @ApiOperation({ summary: 'Read a conversation' })
  @Answers(200, conversationSchema, 'The thread with its messages.')
  async get(@Who() who: CreatorSession, @Param('id', { schema: threadId }) id: string) {
    const { thread, messages, hasEarlier } = await this.db.inTenant(who.tenantId, (tx) =>
      this.support.conversation(tx, id),
    );
    return { ...threadView(thread), messages: messages.map(messageView), has_earlier_messages: hasEarlier };
  }

  @Get(':id/messages/:message_id/file')
  @Creator('support:read')
  @Refuses(...ASKS_TELEGRAM)
  @Header('Cache-Control', 'private, no-store')
  @Header('X-Content-Type-Options', 'nosniff')
  @ApiOperation({
    summary: "Download a buyer's file",
    description:
      'The picture, file or recording of a message, at most 20 MB. It is fetched from Telegram while you ' +
      'read it, and not stored here. Strangers send these files: their type is always ' +
      '`application/octet-stream`.',
  })
  @ApiProduces('application/octet-stream')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' }, description: 'The content, byte for byte.' })
  async file(
    @Who() who: CreatorSession,
    @Param('id', { schema: threadId }) id: string,
    @Param('message_id', { schema: messageId }) message: string,
  ) {
    const { stream, name } = await this.files.open(who.tenantId, id, message);
    return new StreamableFile(stream, { type: 'application/octet-stream', disposition: attachment(name) });
  }

  @Post(':id/messages')
  @Creator('support:write')
  @Refuses(ThreadClosed)
  @ApiOperation({
    summary: 'Answer a buyer',
    description:
      'The bot sends it within seconds, after your earlier answers. Read the conversation to see whether ' +
      'it arrived. Also available to restricted workspaces.',
  })
  @Answers(201, messageSchema, 'The answer, being sent.')
  async answer(
    @Who() who: CreatorSession,
    @Param('id', { schema: threadId }) id: string,
    @Body({ schema: answerSchema }) body: Answer,
  ) {
    const answer = { text: body.text, accountId: who.accountId };
    const message = await this.db.inTenant(who.tenantId, (tx) => this.support.answer(tx, id, answer, new Date()));
    return messageView(message);
  }

  @Post(':id/close')
  @Creator('support:write')
  @ApiOperation({
    summary: 'Close a thread',
    description:
      'New messages of the buyer no longer go into it, unless they reply to one of your answers, which ' +
      'opens it again. /paysupport opens another one. Idempotent.',
  })
  @Answers(200, threadSchema, 'The thread, closed.')
  async close(@Who() who: CreatorSession, @Param('id', { schema: threadId }) id: string) {
    return threadView(await this.db.inTenant(who.tenantId, (tx) => this.support.close(tx, id, new Date())));
  }
}
