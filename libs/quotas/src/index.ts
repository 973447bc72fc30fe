export { type Override, type Plan, PlanService, UnknownPlan } from './plan.service.js';
export {
  LIMITS,
  type Limit,
  monthBounds,
  monthOf,
  percentOf,
  QuotaExhausted,
  type Usage,
  usageState,
} from './quota.js';
export { Quotas, type Selling } from './quota.service.js';
export { QuotasModule } from './quotas.module.js';
export { QUOTAS_TABLES } from './tables.js';
export { warningSchema, warningView } from './warning-view.js';
