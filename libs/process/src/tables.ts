import type { Room } from '#libs/database';

export const PROCESS_TABLES: Room = {
  library: 'process',
  ofTenants: {
    idempotency_keys: {
      export: { nothing: 'encrypted responses, deleted after 24 hours' },
      erasure: { keeps: 'encrypted, and deleted after 24 hours' },
      closing: { workspace: 'delete from idempotency_keys where tenant_id = $1' },
    },
  },
  ofPlatform: { process_notes: {} },
};
