import { Body, Controller, Get, Inject, Param, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Database } from '#libs/database';
import type { Clock } from '#libs/kernel';
import { type Limit, PlanService, UnknownPlan } from '#libs/quotas';
import { CLOCK, CONFIG, type Config } from '#libs/runtime';
import { PlanDirectory, TenantPlans } from '#libs/tenants';
import { usageView } from '../../creator/usage/usage.schema.js';
import { Staff } from '../../http/audience.js';
import { idOf } from '../../http/schema.js';
import {
  type ChangePlan,
  changePlanSchema,
  limitName,
  planListSchema,
  planView,
  type SetLimit,
  setLimitSchema,
  staffUsageSchema,
  staffUsageView,
} from './staff-plans.schema.js';
import { Refuses } from '../../http/refuses.js';
import { Answers } from '../../http/answers.js';

const tenantId = idOf('tenant');

@ApiTags('Staff: plans')
@Controller('v1/staff')
export class StaffPlansController {
  constructor(
    private readonly db: Database,
    private readonly plans: PlanService,
    private readonly tenants: TenantPlans,
    private readonly directory: PlanDirectory,
    @Inject(CONFIG) private readonly config: Pick<Config, 'rateLimit'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get('plans')
  @Staff('plans:read')
  @ApiOperation({ summary: 'List the plans, smallest first' })
  @Answers(200, planListSchema, 'All of them.')
  async list() {
    const plans = await this.db.inPlatform('staff list the plans', (tx) => this.plans.list(tx));
    return { object: 'list' as const, data: plans.map(planView), has_more: false };
  }

  @Get('tenants/:id/usage')
  @Staff('plans:read')
  @ApiOperation({ summary: "Read a workspace's limits and their usage" })
  @Answers(200, staffUsageSchema, 'As the workspace sees it, with its exceptions.')
  usage(@Param('id', { schema: tenantId }) id: string) {
    return this.shown(id);
  }

  @Put('tenants/:id/plan')
  @Staff('plans:write')
  @Refuses(UnknownPlan)
  @ApiOperation({
    summary: "Change a workspace's plan",
    description: 'Anything beyond the new limits stays and keeps working, but nothing can be added.',
  })
  @Answers(200, staffUsageSchema, 'The limits that now apply.')
  async change(@Param('id', { schema: tenantId }) id: string, @Body({ schema: changePlanSchema }) body: ChangePlan) {
    await this.db.inPlatform('staff change a plan', (tx) => this.tenants.change(tx, id, body.plan));
    this.directory.forget(id);
    return this.shown(id);
  }

  @Put('tenants/:id/limits/:name')
  @Staff('plans:write')
  @ApiOperation({ summary: "Override one limit of a workspace's plan" })
  @Answers(200, staffUsageSchema, 'The limits that now apply.')
  async limit(
    @Param('id', { schema: tenantId }) id: string,
    @Param('name', { schema: limitName }) name: Limit,
    @Body({ schema: setLimitSchema }) body: SetLimit,
  ) {
    await this.db.inPlatform('staff set a limit', (tx) => this.tenants.override(tx, id, name, body.value, body.reason));
    this.directory.forget(id);
    return this.shown(id);
  }

  private async shown(id: string) {
    const now = this.clock.now();
    return this.db.inTenant(id, async (tx) => {
      const { plan, usage } = await this.tenants.usage(tx, now);
      return staffUsageView(usageView(plan, usage, this.config.rateLimit, now), await this.plans.overrides(tx));
    });
  }
}
