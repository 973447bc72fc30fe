import { Global, Module } from '@nestjs/common';
import { PlanService } from './plan.service.js';
import { Quotas } from './quota.service.js';

/** What plans allow, for every room in which something is added. */
@Global()
@Module({ providers: [Quotas, PlanService], exports: [Quotas, PlanService] })
export class QuotasModule {}
