import { Controller, Get, Inject, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Database } from '#libs/database';
import type { Clock } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { BuyerStateService } from '#libs/sales';
import { Creator, type CreatorSession, needScope, Who } from '../../http/audience.js';
import { buyerIdSchema } from '../credits/credits.schema.js';
import { buyerStateSchema, buyerStateView } from './buyers.schema.js';

@ApiTags('Buyers')
@Controller('v1/buyers')
export class BuyersController {
  constructor(
    private readonly db: Database,
    private readonly states: BuyerStateService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get(':telegram_id/state')
  @Creator('orders:read')
  @ApiOperation({
    summary: 'Everything about a buyer in one call',
    description:
      'Purchases, what they have a right to, credits, and in which bots they can be reached. Takes the scope `credits:read` as well.',
  })
  @ApiOkResponse({ standardSchema: buyerStateSchema, description: 'The buyer as of now.' })
  async state(@Who() who: CreatorSession, @Param('telegram_id', { schema: buyerIdSchema }) telegramId: number) {
    needScope(who, 'credits:read');
    const now = this.clock.now();
    return buyerStateView(
      telegramId,
      await this.db.inTenant(who.tenantId, (tx) => this.states.of(tx, telegramId, now)),
    );
  }
}
