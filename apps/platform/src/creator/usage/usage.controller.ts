import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Database } from '#libs/database';
import type { Clock } from '#libs/kernel';
import { CLOCK, CONFIG, type Config } from '#libs/runtime';
import { TenantPlans } from '#libs/tenants';
import { Creator, type CreatorSession, Who } from '../../http/audience.js';
import { usageSchema, usageView } from './usage.schema.js';
import { Answers } from '../../http/answers.js';

@ApiTags('Usage')
@Controller('v1/usage')
export class UsageController {
  constructor(
    private readonly db: Database,
    private readonly plans: TenantPlans,
    @Inject(CONFIG) private readonly config: Pick<Config, 'rateLimit'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @Creator('usage:read')
  @ApiOperation({
    summary: "Read your plan's limits and their usage",
    description:
      'At 80 percent the event `quota.warning` is recorded, once per limit and month, and sent to your ' +
      'alert chat. An exhausted limit refuses additions: a bot, a product, an endpoint, an upload, or ' +
      'sales. Only paid orders count, in the month in which they were paid, and a payment that has begun ' +
      'is always honoured.',
  })
  @Answers(200, usageSchema, 'Every limit as of now.')
  async usage(@Who() who: CreatorSession) {
    const now = this.clock.now();
    const { plan, usage } = await this.db.inTenant(who.tenantId, (tx) => this.plans.usage(tx, now));
    return usageView(plan, usage, this.config.rateLimit, now);
  }
}
