import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Database } from '#libs/database';
import { spendingSchema, SpendingStore, spendingView } from '#libs/spending';
import { Creator, type CreatorSession, Who } from '../../http/audience.js';
import { cursorOf, idOf, page } from '../../http/schema.js';
import { type ListSpendings, listSpendingsSchema, spendingListSchema } from './spending.schema.js';
import { Answers } from '../../http/answers.js';

@ApiTags('Gifts')
@Controller('v1/spendings')
export class SpendingsController {
  constructor(
    private readonly db: Database,
    private readonly spendings: SpendingStore,
  ) {}

  @Get()
  @Creator('orders:read')
  @ApiOperation({
    summary: 'List spendings by request, newest first',
    description: 'Every call that was sent to Telegram, with its outcome. Requests refused before that are not listed.',
  })
  @Answers(200, spendingListSchema, 'A page of spendings.')
  async list(@Who() { tenantId }: CreatorSession, @Query({ schema: listSpendingsSchema }) query: ListSpendings) {
    const { bot_id: botId, kind, state, limit } = query;
    const filter = { botId, kind, state, limit: limit + 1, ...cursorOf(query) };
    return page(await this.db.inTenant(tenantId, (tx) => this.spendings.list(tx, filter)), query, spendingView);
  }

  @Get(':id')
  @Creator('orders:read')
  @ApiOperation({ summary: 'Read a spending and its outcome' })
  @Answers(200, spendingSchema, 'The spending.')
  async get(@Who() { tenantId }: CreatorSession, @Param('id', { schema: idOf('spending') }) id: string) {
    return spendingView(await this.db.inTenant(tenantId, (tx) => this.spendings.get(tx, id)));
  }
}
