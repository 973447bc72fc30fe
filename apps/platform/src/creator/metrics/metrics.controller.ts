import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Database } from '#libs/database';
import { FunnelService, MetricsService, periodOf, SubscriptionList, InvalidPeriod } from '#libs/sales';
import { Creator, type CreatorSession, Who } from '../../http/audience.js';
import { type FunnelQuery, funnelQuerySchema, funnelSchema, funnelView } from './funnel.schema.js';
import { salesMetricsSchema, salesMetricsView, type SalesQuery, salesQuerySchema } from './metrics.schema.js';
import {
  type SubscriptionMetricsQuery,
  subscriptionMetricsQuerySchema,
  subscriptionMetricsSchema,
  subscriptionMetricsView,
} from './subscription-metrics.schema.js';
import { Refuses } from '../../http/refuses.js';
import { Answers } from '../../http/answers.js';

@ApiTags('Metrics')
@Controller('v1/metrics')
export class MetricsController {
  constructor(
    private readonly db: Database,
    private readonly metrics: MetricsService,
    private readonly subscriptions: SubscriptionList,
    private readonly funnels: FunnelService,
  ) {}

  @Get('sales')
  @Creator('orders:read')
  @Refuses(InvalidPeriod)
  @ApiOperation({
    summary: 'Read sales per day, product or bot',
    description:
      'Orders count on the day they were placed, with their current state; Stars on the day they were recorded, ' +
      'as in statements. Days are in UTC.',
  })
  @Answers(200, salesMetricsSchema, 'The figures.')
  async sales(@Who() who: CreatorSession, @Query({ schema: salesQuerySchema }) query: SalesQuery) {
    const period = periodOf(query.from, query.to);
    const question = { period, by: query.group_by, botId: query.bot_id, productId: query.product_id };
    return this.db.inReport(who.tenantId, async (tx, asOf) =>
      salesMetricsView(period, query.group_by, await this.metrics.sales(tx, question), asOf),
    );
  }

  @Get('subscriptions')
  @Creator('orders:read')
  @Refuses(InvalidPeriod)
  @ApiOperation({
    summary: 'Read subscriptions: how many there are, and how many began and ended',
    description:
      'States and monthly Stars are current; `started` and `ended` are counted in the period. Days are in UTC.',
  })
  @Answers(200, subscriptionMetricsSchema, 'The figures, in total and by plan.')
  async recurring(
    @Who() who: CreatorSession,
    @Query({ schema: subscriptionMetricsQuerySchema }) query: SubscriptionMetricsQuery,
  ) {
    const period = periodOf(query.from, query.to);
    return this.db.inReport(who.tenantId, async (tx, asOf) =>
      subscriptionMetricsView(period, await this.subscriptions.figures(tx, period, query.bot_id), asOf),
    );
  }

  @Get('funnel')
  @Creator('orders:read')
  @Refuses(InvalidPeriod)
  @ApiOperation({
    summary: 'Read the funnel per product and source',
    description:
      'A buyer who views a product several times on one day counts once. Orders count on the day they ' +
      'were placed, with their current state. Days are in UTC.',
  })
  @Answers(200, funnelSchema, 'The figures, most paid orders first.')
  async funnel(@Who() who: CreatorSession, @Query({ schema: funnelQuerySchema }) query: FunnelQuery) {
    const period = periodOf(query.from, query.to);
    const question = { period, productId: query.product_id, limit: query.limit };
    return this.db.inReport(who.tenantId, async (tx, asOf) =>
      funnelView(period, await this.funnels.rows(tx, question), asOf),
    );
  }
}
