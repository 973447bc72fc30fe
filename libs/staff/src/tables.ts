import type { Room } from '#libs/database';

export const STAFF_TABLES: Room = {
  library: 'staff',
  ofTenants: {},
  ofPlatform: {
    staff_accounts: {},
    staff_sessions: {},
    staff_refresh_tokens: {},
    impersonation_entries: { appendOnly: true },
    impersonation_end_entries: { appendOnly: true },
  },
};
