import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Database } from '#libs/database';
import {
  NotesService,
  SubscriptionList,
  SubscriptionOver,
  subscriptionSchema,
  SubscriptionService,
  SubscriptionUnnamed,
  subscriptionView,
} from '#libs/sales';
import { Creator, type CreatorSession, Who } from '../../http/audience.js';
import { cursorOf, idOf, type NotesChange, page } from '../../http/schema.js';
import {
  type ListSubscriptions,
  subscriptionListSchema,
  subscriptionQuerySchema,
  updateSubscriptionSchema,
} from './subscriptions.schema.js';
import { Refuses } from '../../http/refuses.js';
import { Answers } from '../../http/answers.js';

const subscriptionId = idOf('subscription');

@ApiTags('Subscriptions')
@Controller('v1/subscriptions')
export class SubscriptionsController {
  constructor(
    private readonly db: Database,
    private readonly subscriptions: SubscriptionService,
    private readonly lists: SubscriptionList,
    private readonly notes: NotesService,
  ) {}

  @Get()
  @Creator('orders:read')
  @ApiOperation({ summary: 'List subscriptions, newest first' })
  @Answers(200, subscriptionListSchema, 'A page of subscriptions.')
  async list(@Who() who: CreatorSession, @Query({ schema: subscriptionQuerySchema }) query: ListSubscriptions) {
    const filter = {
      botId: query.bot_id,
      productId: query.product_id,
      buyerId: query.buyer_telegram_id,
      state: query.state,
      createdFrom: query.created_after,
      createdTo: query.created_before,
      limit: query.limit,
      ...cursorOf(query),
    };
    return page(await this.db.inTenant(who.tenantId, (tx) => this.lists.list(tx, filter)), query, subscriptionView);
  }

  @Get(':id')
  @Creator('orders:read')
  @ApiOperation({ summary: 'Read a subscription' })
  @Answers(200, subscriptionSchema, 'The subscription as it is now.')
  async get(@Who() who: CreatorSession, @Param('id', { schema: subscriptionId }) id: string) {
    return subscriptionView(await this.db.inTenant(who.tenantId, (tx) => this.lists.get(tx, id)));
  }

  @Patch(':id')
  @Creator('orders:write')
  @ApiOperation({ summary: "Change a subscription's metadata", description: 'Sends `subscription.updated`.' })
  @Answers(200, subscriptionSchema, 'The subscription as it is now.')
  async update(
    @Who() who: CreatorSession,
    @Param('id', { schema: subscriptionId }) id: string,
    @Body({ schema: updateSubscriptionSchema }) { metadata }: NotesChange,
  ) {
    const row = await this.db.inTenant(who.tenantId, (tx) => this.notes.onSubscription(tx, id, metadata));
    return subscriptionView(row);
  }

  @Post(':id/cancel')
  @Creator('orders:write')
  @Refuses(SubscriptionOver, SubscriptionUnnamed)
  @ApiOperation({
    summary: "Stop a subscription's renewal",
    description:
      'Access lasts until `paid_until`. Telegram is called afterwards: `pending` means that it has not been done ' +
      'yet, and the event `subscription.canceled` that it has. Idempotent.',
  })
  @Answers(202, subscriptionSchema, 'The subscription, with the request.')
  async cancel(@Who() who: CreatorSession, @Param('id', { schema: subscriptionId }) id: string) {
    const now = new Date();
    const row = await this.db.inTenant(who.tenantId, (tx) => this.subscriptions.cancel(tx, id, 'creator', now));
    return subscriptionView(row);
  }

  @Post(':id/resume')
  @Creator('orders:write')
  @Refuses(SubscriptionOver, SubscriptionUnnamed)
  @ApiOperation({
    summary: 'Allow the buyer to enable renewal again',
    description:
      'A buyer cannot enable a subscription that the bot has canceled until this is done. It does not ' +
      'resume by itself: the buyer enables it in Telegram’s settings, and `subscription.resumed` reports ' +
      'that.',
  })
  @Answers(202, subscriptionSchema, 'The subscription, with the request.')
  async resume(@Who() who: CreatorSession, @Param('id', { schema: subscriptionId }) id: string) {
    const row = await this.db.inTenant(who.tenantId, (tx) => this.subscriptions.resume(tx, id, new Date()));
    return subscriptionView(row);
  }
}
