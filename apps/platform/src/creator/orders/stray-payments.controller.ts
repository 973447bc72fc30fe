import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Database } from '#libs/database';
import { StrayPayments, strayPaymentView } from '#libs/sales';
import { Creator, type CreatorSession, Who } from '../../http/audience.js';
import { cursorOf, page } from '../../http/schema.js';
import { type ListStrayPayments, strayPaymentListSchema, strayPaymentQuerySchema } from './stray-payments.schema.js';
import { Answers } from '../../http/answers.js';

@ApiTags('Charges')
@Controller('v1/stray-payments')
export class StrayPaymentsController {
  constructor(
    private readonly db: Database,
    private readonly strays: StrayPayments,
  ) {}

  @Get()
  @Creator('orders:read')
  @ApiOperation({
    summary: 'List reports of payments and refunds that cannot be booked, newest first',
    description:
      'Payments and refunds that are not in Stars, for example of a bot that sold elsewhere before, and ' +
      'reports with an impossible payer, amount or date. Each sent `payment.stray`. They are not included ' +
      'in any figures.',
  })
  @Answers(200, strayPaymentListSchema, 'A page of stray payments.')
  async list(@Who() who: CreatorSession, @Query({ schema: strayPaymentQuerySchema }) query: ListStrayPayments) {
    const filter = { botId: query.bot_id, limit: query.limit, ...cursorOf(query) };
    return page(await this.db.inTenant(who.tenantId, (tx) => this.strays.list(tx, filter)), query, strayPaymentView);
  }
}
