import type { Room } from '#libs/database';

export const STAFF_TABLES: Room = {
  library: 'staff',
  ofTenants: {},
  ofPlatform: {
    staff_accounts: {
      sealed: { 'staff_accounts.totp': { column: 'totp_sealed', key: { id: 'uuid' }, rowId: 'id::text' } },
    },
    staff_sessions: {},
    staff_refresh_tokens: {},
    impersonation_entries: { appendOnly: true },
  },
};
