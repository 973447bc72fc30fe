import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { goodsOf, type OfferedGoods, InvalidGoods } from '#libs/catalog';
import { Database, type TenantTx } from '#libs/database';
import { FileFetcher, UnsafeAddress } from '#libs/delivery';
import {
  AlreadyDelivered,
  FulfilmentService,
  GoodsNotExpected,
  ManualDeliveryService,
  NothingOwed,
  type OrderRow,
  orderSchema,
  OrderStateConflict,
  orderView,
  TimelineService,
} from '#libs/sales';
import { Creator, type CreatorSession, Who } from '../../http/audience.js';
import { idOf } from '../../http/schema.js';
import { type Deliver, deliverSchema, timelineSchema, timelineView } from './order-care.schema.js';
import { Refuses } from '../../http/refuses.js';
import { Answers } from '../../http/answers.js';

const orderId = idOf('order');

/** Support for a single order. */
@ApiTags('Orders')
@Controller('v1/orders')
export class OrderCareController {
  constructor(
    private readonly db: Database,
    private readonly timelines: TimelineService,
    private readonly deliveries: ManualDeliveryService,
    private readonly fulfilments: FulfilmentService,
    private readonly fetcher: FileFetcher,
  ) {}

  @Get(':id/timeline')
  @Creator('orders:read')
  @ApiOperation({
    summary: "Read an order's complete history",
    description:
      'Updates from Telegram, events, charges, refunds, every attempt to deliver the goods or reach your ' +
      'endpoints, support messages (without their texts) and manual actions.',
  })
  @Answers(200, timelineSchema, 'The first 1,000 entries, oldest first.')
  async timeline(@Who() who: CreatorSession, @Param('id', { schema: orderId }) id: string) {
    return timelineView(id, await this.db.inTenant(who.tenantId, (tx) => this.timelines.of(tx, id)));
  }

  @Post(':id/deliver')
  @Creator('orders:write')
  @Refuses(InvalidGoods, NothingOwed, AlreadyDelivered, GoodsNotExpected, UnsafeAddress, OrderStateConflict)
  @ApiOperation({
    summary: "Deliver a paid order's goods, send them again, or mark the order as delivered",
    description:
      'With `goods` the bot delivers what your server has made for an order of a `callback`. The first ' +
      'goods win: others are refused with `already_delivered`, unless Telegram did not accept the first ' +
      'ones. A `file_url` is fetched within seconds; while that fails, `fulfilment.last_error` of the ' +
      'order says why, it is retried until the deadline, and you may send others. Only for paid orders ' +
      'that are not being refunded. `mark_delivered` is for an order whose goods have not reached the ' +
      'buyer; its `order.delivered` event contains `delivered_by_hand`.',
  })
  @Answers(200, orderSchema, 'The order after the change.')
  async deliver(
    @Who() who: CreatorSession,
    @Param('id', { schema: orderId }) id: string,
    @Body({ schema: deliverSchema }) body: Deliver,
  ) {
    const order = await this.db.inTenant(who.tenantId, (tx) => this.handOver(tx, id, body, who.accountId));
    return orderView(order);
  }

  private handOver(tx: TenantTx, id: string, { goods, mode, reason }: Deliver, accountId: string): Promise<OrderRow> {
    if (mode === undefined || reason === undefined) return this.handIn(tx, id, goodsOf(goods));
    return this.deliveries.deliver(tx, id, { mode, reason, accountId }, new Date());
  }

  private async handIn(tx: TenantTx, id: string, goods: OfferedGoods): Promise<OrderRow> {
    if (goods.kind === 'address') this.fetcher.check(goods.url);
    return this.fulfilments.handIn(tx, id, goods, new Date());
  }
}
