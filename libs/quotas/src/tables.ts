import { ALL, type Room, WORKSPACE_OWN } from '#libs/database';

export const QUOTAS_TABLES: Room = {
  library: 'quotas',
  ofTenants: {
    limit_overrides: { export: ALL, erasure: WORKSPACE_OWN },
    order_counts: { export: ALL, erasure: { keeps: 'names no buyer' } },
    quota_warnings: { export: ALL, erasure: WORKSPACE_OWN },
  },
  ofPlatform: { plans: {} },
};
