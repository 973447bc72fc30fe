import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Database } from '#libs/database';
import { publicId } from '#libs/kernel';
import {
  AlreadyRefunded,
  BuyerErased,
  ChargeList,
  ChargeNotHeld,
  chargeSchema,
  chargeView,
  HeldCharges,
  NoProductNamed,
  NotesService,
  NothingLeft,
  NotToBeGiven,
  orderSchema,
  orderView,
  refundSchema,
  RefundService,
  refundView,
} from '#libs/sales';
import { Creator, type CreatorSession, Who } from '../../http/audience.js';
import { Idempotency } from '../../http/idempotency.js';
import { cursorOf, idOf, type NotesChange, page } from '../../http/schema.js';
import {
  chargeListSchema,
  chargeQuerySchema,
  type DeliverCharge,
  deliverChargeSchema,
  requestRefundSchema,
  updateChargeSchema,
} from './schemas.js';
import { Refuses } from '../../http/refuses.js';
import { Answers } from '../../http/answers.js';

@ApiTags('Charges')
@Controller('v1/charges')
export class ChargesController {
  constructor(
    private readonly db: Database,
    private readonly charges: ChargeList,
    private readonly refunds: RefundService,
    private readonly held: HeldCharges,
    private readonly notes: NotesService,
  ) {}

  @Get()
  @Creator('orders:read')
  @ApiOperation({ summary: 'List charges, newest first; `match=unmatched` finds money without an order' })
  @Answers(200, chargeListSchema)
  async list(
    @Who() who: CreatorSession,
    @Query({ schema: chargeQuerySchema }) query: z.infer<typeof chargeQuerySchema>,
  ) {
    const filter = {
      botId: query.bot_id,
      productId: query.product_id,
      orderId: query.order_id,
      buyerId: query.buyer_telegram_id,
      state: query.state,
      match: query.match,
      createdFrom: query.created_after,
      createdTo: query.created_before,
      limit: query.limit,
      ...cursorOf(query),
    };
    const rows = await this.db.inTenant(who.tenantId, (tx) => this.charges.list(tx, filter));
    return page(rows, query, chargeView);
  }

  @Get(':id')
  @Creator('orders:read')
  @ApiOperation({ summary: 'Read a charge' })
  @Answers(200, chargeSchema)
  async get(@Who() who: CreatorSession, @Param('id', { schema: idOf('charge') }) id: string) {
    return chargeView(await this.db.inTenant(who.tenantId, (tx) => this.charges.get(tx, id)));
  }

  @Patch(':id')
  @Creator('orders:write')
  @ApiOperation({ summary: "Change a charge's metadata", description: 'Sends `charge.updated`.' })
  @Answers(200, chargeSchema, 'The charge as it is now.')
  async update(
    @Who() who: CreatorSession,
    @Param('id', { schema: idOf('charge') }) id: string,
    @Body({ schema: updateChargeSchema }) { metadata }: NotesChange,
  ) {
    const charge = await this.db.inTenant(who.tenantId, (tx) => this.notes.onCharge(tx, id, metadata));
    return chargeView(charge);
  }

  @Post(':id/deliver')
  @HttpCode(200)
  @Creator('orders:write')
  @Refuses(ChargeNotHeld, NoProductNamed, NotToBeGiven, NothingLeft, BuyerErased)
  @ApiOperation({
    summary: 'Deliver a product for a charge without an order',
    description:
      'For charges with the match `unmatched` or `mismatch`, such as sales between a backup and its restore. Creates a ' +
      'paid order at the price that was paid; the buyer gets the product as after any payment. Without `product_id`, it is ' +
      'the product that the payload names (`offer:prod_...`), or that of the order. Repeated, it returns the same order. The statement moves ' +
      'the Stars from `held` to `earned`.',
  })
  @Answers(200, orderSchema, 'The order, paid and being delivered.')
  async deliver(
    @Who() who: CreatorSession,
    @Param('id', { schema: idOf('charge') }) id: string,
    @Body({ schema: deliverChargeSchema }) { product_id: productId }: DeliverCharge,
  ) {
    const order = await this.db.inTenant(who.tenantId, (tx) => this.held.deliver(tx, id, productId, new Date()));
    return orderView(order);
  }

  @Post(':id/refunds')
  @Idempotency({ required: true })
  @Creator('refunds:write')
  @Refuses(AlreadyRefunded, BuyerErased)
  @ApiOperation({
    summary: 'Refund a charge',
    description:
      'Also for charges without an order. Always the full amount, once: repeated while a refund is ' +
      'pending, it returns that refund, even if that one was requested for the order. Listen for ' +
      '`refund.succeeded` or `refund.failed` to learn the outcome.',
  })
  @Answers(202, refundSchema)
  async refund(
    @Who() who: CreatorSession,
    @Param('id', { schema: idOf('charge') }) id: string,
    @Body({ schema: requestRefundSchema }) body: z.infer<typeof requestRefundSchema>,
  ) {
    const wish = { ...body, by: publicId('account', who.accountId) };
    const refund = await this.db.inTenant(who.tenantId, (tx) => this.refunds.requestByCharge(tx, id, wish, new Date()));
    return refundView(refund);
  }
}
