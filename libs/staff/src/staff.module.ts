import { Module } from '@nestjs/common';
import { TenantsModule } from '#libs/tenants';
import { Impersonations } from './impersonation.service.js';
import { StaffAccounts } from './staff-account.service.js';
import { StaffDirectory } from './staff-directory.service.js';
import { StaffFactors } from './staff-factor.service.js';
import { StaffSessions } from './staff-session.service.js';
import { TenantList } from './tenant-list.service.js';
import { TenantPages } from './tenant-page.service.js';

const SERVICES = [Impersonations, StaffAccounts, StaffDirectory, StaffSessions, TenantList, TenantPages];

/** The platform's own staff, and their actions on workspaces. */
@Module({ imports: [TenantsModule], providers: [...SERVICES, StaffFactors], exports: SERVICES })
export class StaffModule {}
