import type { PlatformTx } from '#libs/database';

/**
 * Deletes refresh tokens of staff sessions that ended before `before`. The sessions stay, because the log of
 * impersonations refers to them.
 * @returns the number of rows deleted, at most `limit`
 */
export async function forgetStaffTokens(tx: PlatformTx, before: Date, limit: number): Promise<number> {
  const rows = await tx.query(
    `delete from staff_refresh_tokens where hash in (
       select r.hash from staff_refresh_tokens r join staff_sessions s on s.id = r.session_id
       where r.issued_at < $1 and (s.revoked_at < $1 or s.idle_until < $1)
       order by r.issued_at limit $2 for update of r skip locked) returning 1`,
    [before, limit],
  );
  return rows.length;
}
