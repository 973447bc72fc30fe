import { Body, Controller, Get, Param, Patch, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Database } from '#libs/database';
import { NotesService, RefundList, refundSchema, refundView } from '#libs/sales';
import { Creator, type CreatorSession, Who } from '../../http/audience.js';
import { cursorOf, idOf, type NotesChange, page } from '../../http/schema.js';
import { type ListRefunds, refundListSchema, refundQuerySchema, updateRefundSchema } from './schemas.js';
import { Answers } from '../../http/answers.js';

@ApiTags('Refunds')
@Controller('v1/refunds')
export class RefundsController {
  constructor(
    private readonly db: Database,
    private readonly refunds: RefundList,
    private readonly notes: NotesService,
  ) {}

  @Get()
  @Creator('orders:read')
  @ApiOperation({
    summary: 'List refunds, newest first',
    description: 'Includes automatic refunds and those made by other programs.',
  })
  @Answers(200, refundListSchema, 'A page of refunds.')
  async list(@Who() who: CreatorSession, @Query({ schema: refundQuerySchema }) query: ListRefunds) {
    const filter = {
      state: query.state,
      orderId: query.order_id,
      chargeId: query.charge_id,
      botId: query.bot_id,
      createdFrom: query.created_after,
      createdTo: query.created_before,
      limit: query.limit,
      ...cursorOf(query),
    };
    return page(await this.db.inTenant(who.tenantId, (tx) => this.refunds.list(tx, filter)), query, refundView);
  }

  @Get(':id')
  @Creator('orders:read')
  @ApiOperation({ summary: 'Read a refund' })
  @Answers(200, refundSchema, 'The refund as it is now.')
  async get(@Who() who: CreatorSession, @Param('id', { schema: idOf('refund') }) id: string) {
    return refundView(await this.db.inTenant(who.tenantId, (tx) => this.refunds.get(tx, id)));
  }

  @Patch(':id')
  @Creator('refunds:write')
  @ApiOperation({ summary: "Change a refund's metadata", description: 'Sends `refund.updated`.' })
  @Answers(200, refundSchema, 'The refund as it is now.')
  async update(
    @Who() who: CreatorSession,
    @Param('id', { schema: idOf('refund') }) id: string,
    @Body({ schema: updateRefundSchema }) { metadata }: NotesChange,
  ) {
    const refund = await this.db.inTenant(who.tenantId, (tx) => this.notes.onRefund(tx, id, metadata));
    return refundView(refund);
  }
}
