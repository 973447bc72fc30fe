import { Module } from '@nestjs/common';
import { SalesModule } from '#libs/sales';
import { TenantsModule } from '#libs/tenants';
import { BusinessAccounts } from './business-account.service.js';
import { BusinessConnections } from './business-connection.service.js';
import { GiftService } from './gift.service.js';
import { SpendingReconciler } from './spending.reconciler.js';
import { SpendingService } from './spending.service.js';
import { SpendingStore } from './spending.store.js';

const EXPORTED = [SpendingStore, SpendingReconciler, GiftService, BusinessConnections, BusinessAccounts];

/** Stars that a creator spends: gifts, and actions of bots for business accounts. */
@Module({ imports: [SalesModule, TenantsModule], providers: [SpendingService, ...EXPORTED], exports: EXPORTED })
export class SpendingModule {}
