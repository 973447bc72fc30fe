export { type Impersonation, Impersonations } from './impersonation.service.js';
export { type Permission, PERMISSIONS, STAFF_CAN, STAFF_ROLES, type StaffRole } from './permission.js';
export {
  ChallengeInvalid,
  NotYourself,
  STAFF_SESSION_LIFETIME,
  type StaffClaim,
  StaffExists,
  type StaffFacts,
  WrongCode,
} from './staff.js';
export { StaffAccounts } from './staff-account.service.js';
export { StaffDirectory } from './staff-directory.service.js';
export { StaffModule } from './staff.module.js';
export { type OpenStaffSession, type StaffChallenge, StaffSessions } from './staff-session.service.js';
export { type TenantLine, TenantList } from './tenant-list.service.js';
export { type TenantPage, TenantPages } from './tenant-page.service.js';
export { forgetStaffTokens } from './staff-retention.rows.js';
export { STAFF_TABLES } from './tables.js';
