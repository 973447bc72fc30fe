import { Body, Controller, Get, Header, Param, Post, Query, Req, StreamableFile } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { EmptyFile, FileService, FileTooLarge, StorageFull, StorageUnavailable } from '#libs/catalog';
import { Database, type TenantTx } from '#libs/database';
import type { Shown } from '#libs/kernel';
import { QuotaExhausted } from '#libs/quotas';
import {
  MAX_CAPTION,
  messageSchema,
  sentAs,
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
import { Commit } from '../../http/commit.js';
import { Idempotency } from '../../http/idempotency.js';
import { InvalidRequest } from '../../http/refusals.js';
import { captionedUploadOf, InvalidUpload } from '../files/upload.js';
import { attachment } from '../../http/attachment.js';
import {
  type Answer,
  answerSchema,
  captionSchema,
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

/** @throws InvalidRequest */
function captionIn(text: string): string {
  const { data, error } = captionSchema.safeParse(text);
  if (error !== undefined) throw new InvalidRequest(error.issues.map(({ message }) => ({ path: 'text', message })));
  return data;
}

@ApiTags('Support')
@Controller('v1/support-threads')
export class SupportController {
  constructor(
    private readonly db: Database,
    private readonly support: SupportService,
    private readonly extras: ThreadExtrasService,
    private readonly files: SupportFiles,
    private readonly store: FileService,
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
    summary: 'Download the file of a message',
    description:
      "A buyer's picture, file or recording, at most 20 MB, is fetched from Telegram while you read it, and not stored " +
      'here. These files come from strangers, so the type is always ' +
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
    summary: 'Reply to a buyer',
    description:
      'The bot sends it within seconds, after your earlier replies. Read the conversation to see whether ' +
      'it arrived. Also available to restricted workspaces.',
  })
  @Answers(201, messageSchema, 'The reply, being sent.')
  async answer(
    @Who() who: CreatorSession,
    @Param('id', { schema: threadId }) id: string,
    @Body({ schema: answerSchema }) body: Answer,
  ) {
    const answer = { text: body.text, accountId: who.accountId };
    const message = await this.db.inTenant(who.tenantId, (tx) => this.support.answer(tx, id, answer, new Date()));
    return messageView(message);
  }

  @Post(':id/messages/file')
  @Idempotency({ prepares: true })
  @Creator('support:write')
  @Refuses(ThreadClosed, InvalidUpload, QuotaExhausted, FileTooLarge, EmptyFile, StorageUnavailable, StorageFull)
  @ApiOperation({
    summary: 'Reply to a buyer with a picture or file',
    description:
      `At most 50 MB, with a caption of at most ${MAX_CAPTION} characters in the field \`text\`, which comes before ` +
      '`file`. JPEG, PNG and WebP of up to 10 MB arrive as a picture, everything else as a file. It is kept with the ' +
      "conversation and counts towards your plan's storage.",
  })
  @ApiConsumes('multipart/form-data')
  @ApiBody({
    schema: {
      type: 'object',
      required: ['file'],
      properties: { text: { type: 'string', maxLength: MAX_CAPTION }, file: { type: 'string', format: 'binary' } },
    },
  })
  @Answers(201, messageSchema, 'The reply, being sent.')
  async answerFile(
    @Who() { tenantId, accountId }: CreatorSession,
    @Param('id', { schema: threadId }) id: string,
    @Req() request: FastifyRequest,
  ) {
    await this.db.inTenant(tenantId, (tx) => this.support.requireOpen(tx, id));
    const sent = await captionedUploadOf(request);
    const text = captionIn(sent.text);
    const kept = await this.store.receive(tenantId, sent.upload);
    const work = async (tx: TenantTx) => {
      await this.store.add(tx, kept);
      const file = { kind: sentAs(kept), uploadId: kept.id, name: kept.name } as const;
      return messageView(await this.support.answer(tx, id, { text, accountId, file }, new Date()));
    };
    return new Commit(
      () => this.db.inTenant(tenantId, work),
      Buffer.concat([kept.sha256, Buffer.from(JSON.stringify([kept.name, kept.mime, text]))]),
      () => this.store.drop(kept),
    );
  }

  @Post(':id/close')
  @Creator('support:write')
  @ApiOperation({
    summary: 'Close a thread',
    description:
      'New messages from the buyer no longer go into it, unless they reply to one of your messages, which ' +
      'reopens it. /paysupport opens another one. Idempotent.',
  })
  @Answers(200, threadSchema, 'The thread, closed.')
  async close(@Who() who: CreatorSession, @Param('id', { schema: threadId }) id: string) {
    return threadView(await this.db.inTenant(who.tenantId, (tx) => this.support.close(tx, id, new Date())));
  }
}
