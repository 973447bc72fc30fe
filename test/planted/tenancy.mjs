/** Bugs in authorization, expiry, and infrastructure. */
export default [
  {
    file: 'libs/tenants/src/accounts/session-directory.service.ts',
    bug: "A session's end is ignored.",
    was: ' and s.expires_at > $4`',
    becomes: ' and $4::timestamptz is not null`',
    proof: 'libs/tenants/src/members/member',
  },
  {
    file: 'libs/tenants/src/accounts/session-tokens.service.ts',
    bug: 'A login does not wait for a concurrent password change.',
    was: 'password_hash = $2 for share',
    becomes: 'password_hash = $2',
    proof: 'libs/tenants/src/members/member',
  },
  {
    file: 'apps/platform/src/http/audience.guard.ts',
    bug: 'A database error logs everyone out.',
    was: 'if (error !== null && error !== undefined) throw error;',
    becomes: 'if (error !== null && error !== undefined) throw new Unauthenticated();',
    proof: 'test/journeys/trouble',
  },
  {
    file: 'libs/journal/src/lease.ts',
    bug: 'A lease is shorter than its heartbeat.',
    was: "export const LEASE = `interval '${LEASE_MS} milliseconds'`;",
    becomes: "export const LEASE = `interval '${LEASE_MS / 4} milliseconds'`;",
    proof: 'libs/journal apps/worker/src/jobs/jobs.db-spec',
  },
  {
    file: 'libs/database/src/database.ts',
    bug: 'A deadlock is not retried.',
    was: "new Set(['40001', '40P01'])",
    becomes: "new Set(['40001'])",
    proof: 'test/guards/pooled-connection',
  },
];
