import { Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE, DiscoveryModule } from '@nestjs/core';
import { PassportModule } from '@nestjs/passport';
import { RoomsModule } from '#libs/database';
import { OperationsModule } from '#libs/operations';
import { Health } from '#libs/process';
import { TenantsModule } from '#libs/tenants';
import { ALL_ROOMS } from '#libs/rooms';
import { AuditModule } from './creator/audit/audit.module.js';
import { AuthModule } from './creator/auth/auth.module.js';
import { BotsModule } from './creator/bots/bots.module.js';
import { BuyersModule } from './creator/buyers/buyers.module.js';
import { CreditsModule } from './creator/credits/credits.module.js';
import { EndpointsModule } from './creator/endpoints/endpoints.module.js';
import { FilesModule } from './creator/files/files.module.js';
import { ApiKeysModule } from './creator/keys/api-keys.module.js';
import { MembersModule } from './creator/members/members.module.js';
import { MetricsModule } from './creator/metrics/metrics.module.js';
import { OrdersModule } from './creator/orders/orders.module.js';
import { CreatorChatsModule } from './creator/chats/chats.module.js';
import { PromoCodesModule } from './creator/promo-codes/promo-codes.module.js';
import { ProductsModule } from './creator/products/products.module.js';
import { ReconciliationsModule } from './creator/reconciliations/reconciliations.module.js';
import { SandboxModule } from './creator/sandbox/sandbox.module.js';
import { SpendingApiModule } from './creator/spending/spending-api.module.js';
import { StatementsModule } from './creator/statements/statements.module.js';
import { SubscriptionsModule } from './creator/subscriptions/subscriptions.module.js';
import { SupportModule } from './creator/support/support.module.js';
import { UsageModule } from './creator/usage/usage.module.js';
import { WorkspaceModule } from './creator/workspace/workspace.module.js';
import { AudienceCheck } from './http/audience.check.js';
import { AudienceGuard } from './http/audience.guard.js';
import { AuditInterceptor } from './http/audit.interceptor.js';
import { IdempotencyInterceptor } from './http/idempotency.interceptor.js';
import { IdempotencyStore } from './http/idempotency.store.js';
import { LivemodeInterceptor } from './http/livemode.js';
import { ConcurrencyInterceptor } from './http/concurrency.interceptor.js';
import { QueryGuard } from './http/query.guard.js';
import { RateLimits } from './http/rate-limits.js';
import { RefusalFilter } from './http/refusal.filter.js';
import { validation } from './http/schema.js';
import { FleetMetrics } from './ops/fleet.metrics.js';
import { HealthController } from './ops/health.controller.js';
import { StatusController } from './ops/status/status.controller.js';
import { StatusReader } from './ops/status/status.reader.js';
import { StaffApiModule } from './staff/staff-api.module.js';

/**
 * The API process: the creators' API, the staff's API, documentation and health. Import it together with the
 * foundation.
 */
@Module({
  imports: [
    DiscoveryModule,
    PassportModule,
    RoomsModule.with(ALL_ROOMS),
    OperationsModule,
    TenantsModule,
    AuthModule,
    AuditModule,
    StaffApiModule,
    ApiKeysModule,
    MembersModule,
    BotsModule,
    FilesModule,
    ProductsModule,
    PromoCodesModule,
    CreatorChatsModule,
    OrdersModule,
    SubscriptionsModule,
    BuyersModule,
    MetricsModule,
    UsageModule,
    WorkspaceModule,
    CreditsModule,
    EndpointsModule,
    SupportModule,
    StatementsModule,
    ReconciliationsModule,
    SpendingApiModule,
    SandboxModule,
  ],
  controllers: [HealthController, StatusController],
  providers: [
    Health,
    FleetMetrics,
    StatusReader,
    AudienceCheck,
    RateLimits,
    AudienceGuard,
    { provide: APP_GUARD, useExisting: AudienceGuard },
    { provide: APP_GUARD, useClass: QueryGuard },
    { provide: APP_FILTER, useClass: RefusalFilter },
    { provide: APP_INTERCEPTOR, useClass: ConcurrencyInterceptor },
    { provide: APP_INTERCEPTOR, useClass: LivemodeInterceptor },
    IdempotencyStore,
    { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
    // Innermost: a repeated response means that nothing was done.
    { provide: APP_INTERCEPTOR, useClass: AuditInterceptor },
    { provide: APP_PIPE, useFactory: validation },
  ],
})
export class PlatformModule {}
