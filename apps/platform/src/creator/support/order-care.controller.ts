import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Database } from '#libs/database';
import { Doorbell } from '#libs/journal';
import { ManualDeliveryService, orderView, TimelineService } from '#libs/sales';
import { Creator, type CreatorSession, Who } from '../../http/audience.js';
import { idOf } from '../../http/schema.js';
import { orderSchema } from '../orders/schemas.js';
import { type Deliver, deliverSchema, timelineSchema, timelineView } from './order-care.schema.js';

const orderId = idOf('order');

/** What support does with one order. */
@ApiTags('Orders')
@Controller('v1/orders')
export class OrderCareController {
  constructor(
    private readonly db: Database,
    private readonly timelines: TimelineService,
    private readonly deliveries: ManualDeliveryService,
    private readonly doorbell: Doorbell,
  ) {}

  @Get(':id/timeline')
  @Creator('orders:read')
  @ApiOperation({
    summary: 'Everything that happened to an order',
    description:
      'Updates from Telegram, events, charges, refunds, every try to hand over and to reach your endpoints, support messages ' +
      '(without their words) and what was done by hand.',
  })
  @ApiOkResponse({ standardSchema: timelineSchema, description: 'The first 1,000 entries, oldest first.' })
  async timeline(@Who() who: CreatorSession, @Param('id', { schema: orderId }) id: string) {
    return timelineView(id, await this.db.inTenant(who.tenantId, (tx) => this.timelines.of(tx, id)));
  }

  @Post(':id/deliver')
  @HttpCode(200)
  @Creator('orders:write')
  @ApiOperation({
    summary: 'Hand a paid order over again, or say that you did it yourself',
    description:
      'Only for paid orders that are not being refunded. `mark_delivered` is for an order whose goods have not reached the buyer; ' +
      'its `order.delivered` event carries `delivered_by_hand`.',
  })
  @ApiOkResponse({ standardSchema: orderSchema, description: 'The order as it is now.' })
  async deliver(
    @Who() who: CreatorSession,
    @Param('id', { schema: orderId }) id: string,
    @Body({ schema: deliverSchema }) body: Deliver,
  ) {
    const wish = { mode: body.mode, reason: body.reason, accountId: who.accountId };
    const order = await this.db.inTenant(who.tenantId, (tx) => this.deliveries.deliver(tx, id, wish, new Date()));
    this.doorbell.ring(body.mode === 'send_again' ? 'delivery' : 'relay');
    return orderView(order);
  }
}
