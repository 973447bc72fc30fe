import { Module } from '@nestjs/common';
import { RightsModule } from '#libs/rights';
import { StaffModule } from '#libs/staff';
import { TenantsModule } from '#libs/tenants';
import { AuthModule } from '../creator/auth/auth.module.js';
import { LoginAttempts } from '../http/login-attempts.js';
import { StaffAccountsController } from './accounts/staff-accounts.controller.js';
import { StaffAuditEntriesController } from './audit/staff-audit-entries.controller.js';
import { StaffAuthController } from './auth/staff-auth.controller.js';
import { StaffBrowserSessionsController } from './auth/staff-browser-sessions.controller.js';
import { StaffAuthService } from './auth/staff-auth.service.js';
import { StaffAuthenticator } from '../http/staff-authenticator.service.js';
import { StaffTokens } from '../http/staff-tokens.service.js';
import { StaffOperationsModule } from './operations/staff-operations.module.js';
import { StaffPlansController } from './plans/staff-plans.controller.js';
import { StaffRightsController } from './rights/staff-rights.controller.js';
import { StaffTenantsController } from './tenants/staff-tenants.controller.js';
import { StaffVisitsController } from './tenants/staff-visits.controller.js';
import { StaffVisits } from './tenants/staff-visits.service.js';

/** The staff's API. Its routes use `@Staff(permission)` and read `@StaffWho()`. */
@Module({
  imports: [StaffModule, StaffOperationsModule, TenantsModule, RightsModule, AuthModule],
  controllers: [
    StaffAuthController,
    StaffBrowserSessionsController,
    StaffAccountsController,
    StaffAuditEntriesController,
    StaffTenantsController,
    StaffVisitsController,
    StaffPlansController,
    StaffRightsController,
  ],
  providers: [LoginAttempts, StaffAuthService, StaffAuthenticator, StaffTokens, StaffVisits],
  exports: [StaffAuthenticator],
})
export class StaffApiModule {}
