import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Database } from '#libs/database';
import { publicId, type Shown } from '#libs/kernel';
import {
  buyerView,
  ChargeNotListed,
  chargeView,
  fulfilmentView,
  OrderEndingService,
  type OrderExtras,
  OrderList,
  type OrderRow,
  orderSchema,
  OrderService,
  OrderStateConflict,
  orderView,
  REFUND_REFUSALS,
  refundSchema,
  RefundService,
  refundView,
} from '#libs/sales';
import { Creator, type CreatorSession, needScope, Who } from '../../http/audience.js';
import { Idempotency } from '../../http/idempotency.js';
import { cursorOf, idOf, type NotesChange, page } from '../../http/schema.js';
import {
  expandedOrderSchema,
  filterOf,
  type ListOrders,
  oneOrderQuerySchema,
  orderDetailsSchema,
  orderListSchema,
  orderQuerySchema,
  requestRefundSchema,
  type ShowOrder,
  updateOrderSchema,
} from './schemas.js';
import { Refuses } from '../../http/refuses.js';
import { productView } from '#libs/catalog';
import { Answers } from '../../http/answers.js';

const EXPANDING = '`expand=product` also needs the scope `products:read`, because it shows the goods.';

const expandedView = (order: OrderRow, extras: OrderExtras | undefined): Shown<typeof expandedOrderSchema> => ({
  ...orderView(order),
  ...(extras?.product === undefined ? {} : { product: productView(extras.product) }),
  ...(extras?.buyer === undefined ? {} : { buyer: buyerView(extras.buyer) }),
  ...(extras?.charges === undefined ? {} : { charges: extras.charges.map(chargeView) }),
});

@ApiTags('Orders')
@Controller('v1/orders')
export class OrdersController {
  constructor(
    private readonly db: Database,
    private readonly orders: OrderService,
    private readonly lists: OrderList,
    private readonly endings: OrderEndingService,
    private readonly refunds: RefundService,
  ) {}

  @Get()
  @Creator('orders:read')
  @ApiOperation({ summary: 'List orders, newest first', description: EXPANDING })
  @Answers(200, orderListSchema, 'A page of orders.')
  async list(@Who() who: CreatorSession, @Query({ schema: orderQuerySchema }) query: ListOrders) {
    const { expand = [] } = query;
    if (expand.includes('product')) needScope(who, 'products:read');
    const filter = { ...filterOf(query), limit: query.limit, ...cursorOf(query) };
    const rows = await this.db.inTenant(who.tenantId, async (tx) => {
      const orders = await this.lists.list(tx, filter);
      const extras = await this.lists.extras(tx, orders, expand);
      return orders.map((order, n) => ({ order, extras: extras[n] }));
    });
    return page(rows, query, ({ order, extras }) => expandedView(order, extras));
  }

  @Get(':id')
  @Creator('orders:read')
  @ApiOperation({ summary: 'Read an order with its charges and refunds', description: EXPANDING })
  @Answers(200, orderDetailsSchema, 'The order.')
  async get(
    @Who() who: CreatorSession,
    @Param('id', { schema: idOf('order') }) id: string,
    @Query({ schema: oneOrderQuerySchema }) { expand = [] }: ShowOrder,
  ) {
    if (expand.includes('product')) needScope(who, 'products:read');
    return this.db.inTenant(who.tenantId, async (tx) => {
      const { order, charges, refunds, fulfilment } = await this.orders.details(tx, id);
      const [extras] = await this.lists.extras(
        tx,
        [order],
        expand.filter((one) => one !== 'charges'),
      );
      return {
        ...expandedView(order, extras),
        charges: charges.map(chargeView),
        refunds: refunds.map(refundView),
        arguments: order.arguments,
        fulfilment: fulfilment === undefined ? null : fulfilmentView(fulfilment),
      };
    });
  }

  @Patch(':id')
  @Creator('orders:write')
  @ApiOperation({
    summary: "Change an order's metadata",
    description: 'Up to 50 keys of 40 characters with values of 500, in any state. Buyers do not see it.',
  })
  @Answers(200, orderSchema, 'The order as it is now.')
  async update(
    @Who() who: CreatorSession,
    @Param('id', { schema: idOf('order') }) id: string,
    @Body({ schema: updateOrderSchema }) { metadata }: NotesChange,
  ) {
    const now = new Date();
    const order = await this.db.inTenant(who.tenantId, (tx) => this.lists.setMetadata(tx, id, metadata, now));
    return orderView(order);
  }

  @Post(':id/cancel')
  @Creator('orders:write')
  @Refuses(ChargeNotListed, OrderStateConflict)
  @ApiOperation({
    summary: 'Cancel an unpaid order',
    description:
      'Its invoice can no longer be paid, and a reserved unit of the product returns to the stock. ' +
      'Idempotent. Refused once the order is paid: refund it instead. A payment that is in progress at ' +
      'this very moment is honoured as long as the product can be delivered, and refunded automatically ' +
      'otherwise.',
  })
  @Answers(200, orderSchema)
  async cancel(@Who() who: CreatorSession, @Param('id', { schema: idOf('order') }) id: string) {
    const order = await this.db.inTenant(who.tenantId, (tx) => this.endings.cancel(tx, id, new Date()));
    return orderView(order);
  }

  @Post(':id/refunds')
  @Idempotency({ required: true })
  @Creator('refunds:write')
  @Refuses(...REFUND_REFUSALS)
  @ApiOperation({
    summary: 'Refund an order',
    description:
      'Always the full amount. The buyer loses access at once; the Stars follow within seconds. Repeated ' +
      'while a refund is pending, it returns that refund. Fetch the order to see the outcome, or listen ' +
      'for `refund.succeeded`.',
  })
  @Answers(202, refundSchema)
  async refund(
    @Who() who: CreatorSession,
    @Param('id', { schema: idOf('order') }) id: string,
    @Body({ schema: requestRefundSchema }) body: z.infer<typeof requestRefundSchema>,
  ) {
    const wish = { ...body, by: publicId('account', who.accountId) };
    const refund = await this.db.inTenant(who.tenantId, (tx) => this.refunds.request(tx, id, wish, new Date()));
    return refundView(refund);
  }
}
