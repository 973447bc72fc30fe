export { businessConnectionView, connectionSchema } from './business-view.js';
export { BusinessConnectionDisabled, BusinessRightMissing } from './business.js';
export { BusinessAccounts } from './business-account.service.js';
export { BusinessConnectionRow } from './business-connection.entity.js';
export { BusinessConnections } from './business-connection.service.js';
export { GiftUnusable } from './gift.js';
export { type Asker, GiftService } from './gift.service.js';
export {
  CeilingExceeded,
  ConfirmationRequired,
  fingerprintOf,
  PREMIUM,
  type PremiumMonths,
  SPENDING_KINDS,
  SPENDING_STATES,
  SpendingUnderWay,
} from './spending.js';
export { SpendingRow } from './spending.entity.js';
export { SpendingModule } from './spending.module.js';
export { SpendingReconciler } from './spending.reconciler.js';
export { SpendingStore } from './spending.store.js';
export { spendingSchema, spendingView } from './spending-view.js';
export { SPENDING_TABLES } from './tables.js';
