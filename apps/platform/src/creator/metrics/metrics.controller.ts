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
    summary: 'How sales go, per day, product or bot',
    description:
      'Orders count on the day on which they were placed, with what has become of them since; Stars on the day on which they were ' +
      'booked, as in statements. Days are those of UTC.',
  })
  @Answers(200, salesMetricsSchema, 'The figures.')
  async sales(@Who() who: CreatorSession, @Query({ schema: salesQuerySchema }) query: SalesQuery) {
    const period = periodOf(query.from, query.to);
    const question = { period, by: query.group_by, botId: query.bot_id, productId: query.product_id };
    const metrics = await this.db.inTenant(who.tenantId, (tx) => this.metrics.sales(tx, question));
    return salesMetricsView(period, query.group_by, metrics);
  }

  @Get('subscriptions')
  @Creator('orders:read')
  @Refuses(InvalidPeriod)
  @ApiOperation({
    summary: 'How subscriptions stand, and how many came and went',
    description:
      'States and monthly Stars are those of now; `started` and `ended` are counted in the period. Days are those of UTC.',
  })
  @Answers(200, subscriptionMetricsSchema, 'The figures, all together and by plan.')
  async recurring(
    @Who() who: CreatorSession,
    @Query({ schema: subscriptionMetricsQuerySchema }) query: SubscriptionMetricsQuery,
  ) {
    const period = periodOf(query.from, query.to);
    const figures = await this.db.inTenant(who.tenantId, (tx) => this.subscriptions.figures(tx, period, query.bot_id));
    return subscriptionMetricsView(period, figures);
  }

  @Get('funnel')
  @Creator('orders:read')
  @Refuses(InvalidPeriod)
  @ApiOperation({
    summary: 'Where buyers come from and how far they get, per product and source',
    description:
      'A buyer who looks at a product several times on one day has seen it once. Orders count on the day on which they were placed, ' +
      'with what has become of them since. Days are those of UTC.',
  })
  @Answers(200, funnelSchema, 'The figures, what was paid for most first.')
  async funnel(@Who() who: CreatorSession, @Query({ schema: funnelQuerySchema }) query: FunnelQuery) {
    const period = periodOf(query.from, query.to);
    const question = { period, productId: query.product_id, limit: query.limit };
    return funnelView(period, await this.db.inTenant(who.tenantId, (tx) => this.funnels.rows(tx, question)));
  }
}
