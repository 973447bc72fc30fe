export { type Impersonation, Impersonations } from './impersonation.service.js';
export { type Permission, STAFF_CAN, STAFF_ROLES, type StaffRole } from './permission.js';
export { ChallengeInvalid, type StaffClaim, type StaffFacts } from './staff.js';
export { StaffAccounts } from './staff-account.service.js';
export { StaffDirectory } from './staff-directory.service.js';
export { StaffModule } from './staff.module.js';
export { type OpenStaffSession, type StaffChallenge, StaffSessions } from './staff-session.service.js';
export { type TenantLine, TenantList } from './tenant-list.service.js';
export { type TenantPage, TenantPages } from './tenant-page.service.js';
