import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Database } from '#libs/database';
import { BotNotReadable, reconciliationSchema, ReconciliationService, reconciliationView } from '#libs/sales';
import { Creator, type CreatorSession, Who } from '../../http/audience.js';
import { cursorOf, idOf, page } from '../../http/schema.js';
import {
  type ListReconciliations,
  listReconciliationsSchema,
  type NoBody,
  noBodySchema,
  reconciliationListSchema,
} from './reconciliations.schema.js';
import { Refuses } from '../../http/refuses.js';
import { Answers } from '../../http/answers.js';

@ApiTags('Reconciliations')
@Controller('v1/bots/:bot/reconciliations')
export class ReconciliationsController {
  constructor(
    private readonly db: Database,
    private readonly reconciliations: ReconciliationService,
  ) {}

  @Post()
  @Creator('orders:write')
  @Refuses(BotNotReadable)
  @ApiOperation({
    summary: "Reconcile a bot's books with Telegram now",
    description:
      "Reads Telegram's list of the bot's Stars, records missing payments and refunds, and explains the " +
      'balance. This also happens automatically every quarter of an hour. While one is running, it returns ' +
      'that one. Fetch it to see the outcome.',
  })
  @Answers(202, reconciliationSchema, 'The running reconciliation.')
  async request(
    @Who() who: CreatorSession,
    @Param('bot', { schema: idOf('bot') }) botId: string,
    @Body({ schema: noBodySchema }) _body: NoBody,
  ) {
    const run = await this.db.inTenant(who.tenantId, (tx) => this.reconciliations.request(tx, botId, new Date()));
    return reconciliationView(run);
  }

  @Get()
  @Creator('orders:read')
  @ApiOperation({ summary: "List a bot's reconciliations, newest first; scheduled ones are kept for 30 days" })
  @Answers(200, reconciliationListSchema, 'A page of reconciliations.')
  async list(
    @Who() who: CreatorSession,
    @Param('bot', { schema: idOf('bot') }) botId: string,
    @Query({ schema: listReconciliationsSchema }) query: ListReconciliations,
  ) {
    const filter = { botId, limit: query.limit, ...cursorOf(query) };
    const rows = await this.db.inTenant(who.tenantId, (tx) => this.reconciliations.list(tx, filter));
    return page(rows, query, reconciliationView);
  }

  @Get(':id')
  @Creator('orders:read')
  @ApiOperation({ summary: 'Read a reconciliation with every line of the difference' })
  @Answers(200, reconciliationSchema, 'The reconciliation.')
  async get(
    @Who() who: CreatorSession,
    @Param('bot', { schema: idOf('bot') }) botId: string,
    @Param('id', { schema: idOf('reconciliation') }) id: string,
  ) {
    return reconciliationView(await this.db.inTenant(who.tenantId, (tx) => this.reconciliations.get(tx, botId, id)));
  }
}
