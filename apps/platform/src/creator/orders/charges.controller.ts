import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Database } from '#libs/database';
import { ChargeService, chargeView } from '#libs/sales';
import { Creator, type CreatorSession, Who } from '../../http/audience.js';
import { idOf, page } from '../../http/schema.js';
import { chargeListSchema, chargeQuerySchema, chargeSchema } from './schemas.js';

@ApiTags('Charges')
@Controller('v1/charges')
export class ChargesController {
  constructor(
    private readonly db: Database,
    private readonly charges: ChargeService,
  ) {}

  @Get()
  @Creator('orders:read')
  @ApiOperation({ summary: 'List charges, newest first; `match=unmatched` finds money without an order' })
  @ApiOkResponse({ standardSchema: chargeListSchema })
  async list(
    @Who() who: CreatorSession,
    @Query({ schema: chargeQuerySchema }) query: z.infer<typeof chargeQuerySchema>,
  ) {
    const filter = { botId: query.bot_id, match: query.match, limit: query.limit, after: query.starting_after };
    const rows = await this.db.inTenant(who.tenantId, (tx) => this.charges.list(tx, filter));
    return page(rows, query.limit, chargeView);
  }

  @Get(':id')
  @Creator('orders:read')
  @ApiOperation({ summary: 'One charge' })
  @ApiOkResponse({ standardSchema: chargeSchema })
  async get(@Who() who: CreatorSession, @Param('id', { schema: idOf('charge') }) id: string) {
    return chargeView(await this.db.inTenant(who.tenantId, (tx) => this.charges.get(tx, id)));
  }
}
