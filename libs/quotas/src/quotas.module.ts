import { Global, Module } from '@nestjs/common';
import { PlanService } from './plan.service.js';
import { Quotas } from './quota.service.js';

/** Provides plans' limits everywhere. */
@Global()
@Module({ providers: [Quotas, PlanService], exports: [Quotas, PlanService] })
export class QuotasModule {}
