import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Database } from '#libs/database';
import { Doorbell } from '#libs/journal';
import { publicId } from '#libs/kernel';
import {
  chargeView,
  fulfilmentView,
  OrderEndingService,
  OrderService,
  orderView,
  RefundService,
  refundView,
} from '#libs/sales';
import { Creator, type CreatorSession, Who } from '../../http/audience.js';
import { idOf, page } from '../../http/schema.js';
import {
  orderDetailsSchema,
  orderListSchema,
  orderQuerySchema,
  orderSchema,
  refundSchema,
  requestRefundSchema,
} from './schemas.js';

@ApiTags('Orders')
@Controller('v1/orders')
export class OrdersController {
  constructor(
    private readonly db: Database,
    private readonly orders: OrderService,
    private readonly endings: OrderEndingService,
    private readonly refunds: RefundService,
    private readonly doorbell: Doorbell,
  ) {}

  @Get()
  @Creator('orders:read')
  @ApiOperation({ summary: 'List orders, newest first' })
  @ApiOkResponse({ standardSchema: orderListSchema })
  async list(@Who() who: CreatorSession, @Query({ schema: orderQuerySchema }) query: z.infer<typeof orderQuerySchema>) {
    const filter = {
      botId: query.bot_id,
      productId: query.product_id,
      buyerId: query.buyer_telegram_id,
      state: query.payment_state,
      limit: query.limit,
      after: query.starting_after,
    };
    const rows = await this.db.inTenant(who.tenantId, (tx) => this.orders.list(tx, filter));
    return page(rows, query.limit, orderView);
  }

  @Get(':id')
  @Creator('orders:read')
  @ApiOperation({ summary: 'One order with its charges and refunds' })
  @ApiOkResponse({ standardSchema: orderDetailsSchema })
  async get(@Who() who: CreatorSession, @Param('id', { schema: idOf('order') }) id: string) {
    const details = await this.db.inTenant(who.tenantId, (tx) => this.orders.details(tx, id));
    const { order, charges, refunds, fulfilment } = details;
    return {
      ...orderView(order),
      charges: charges.map(chargeView),
      refunds: refunds.map(refundView),
      fulfilment: fulfilment === undefined ? null : fulfilmentView(fulfilment),
    };
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @Creator('orders:write')
  @ApiOperation({
    summary: 'Call an unpaid order off',
    description:
      'Its invoice can no longer be paid, and a unit of the product kept for it goes back on the shelf. Done twice it is done once. ' +
      'Refused once the order is paid: refund it instead. A payment that is under way at this very moment is honoured as long as the ' +
      'product can be delivered, and goes back by itself otherwise.',
  })
  @ApiOkResponse({ standardSchema: orderSchema })
  async cancel(@Who() who: CreatorSession, @Param('id', { schema: idOf('order') }) id: string) {
    const order = await this.db.inTenant(who.tenantId, (tx) => this.endings.cancel(tx, id, new Date()));
    this.doorbell.ring('relay');
    return orderView(order);
  }

  @Post(':id/refunds')
  @HttpCode(202)
  @Creator('refunds:write')
  @ApiOperation({
    summary: 'Give the Stars of an order back',
    description:
      'Always the full amount. The buyer loses access at once; the Stars follow within seconds. Asked again while a refund is ' +
      'under way, it answers with that refund. Fetch the order to see the outcome, or listen for `refund.succeeded`.',
  })
  @ApiAcceptedResponse({ standardSchema: refundSchema })
  async refund(
    @Who() who: CreatorSession,
    @Param('id', { schema: idOf('order') }) id: string,
    @Body({ schema: requestRefundSchema }) body: z.infer<typeof requestRefundSchema>,
  ) {
    const wish = { reason: body.reason, by: publicId('account', who.accountId) };
    const refund = await this.db.inTenant(who.tenantId, (tx) => this.refunds.request(tx, id, wish, new Date()));
    this.doorbell.ring('refunds');
    return refundView(refund);
  }
}
