import type { PlatformTx } from '#libs/database';

/**
 * Deletes refresh tokens that were used or whose session ended before `before`, and such sessions once they have no
 * tokens. A used token that is presented again within that time ends its session; later, the token is unknown.
 * @returns the number of rows deleted, at most `limit` of each table
 */
export async function forgetSessions(tx: PlatformTx, before: Date, limit: number): Promise<number> {
  const tokens = await tx.query(
    `delete from refresh_tokens where hash in (
       select r.hash from refresh_tokens r join sessions s on s.id = r.session_id
       where r.issued_at < $1 and (r.used_at < $1 or s.revoked_at < $1 or s.expires_at < $1)
       order by r.issued_at limit $2 for update of r skip locked) returning 1`,
    [before, limit],
  );
  const sessions = await tx.query(
    `delete from sessions where id in (
       select s.id from sessions s where s.created_at < $1 and (s.revoked_at < $1 or s.expires_at < $1)
         and not exists (select from refresh_tokens r where r.session_id = s.id)
       order by s.created_at limit $2 for update skip locked) returning 1`,
    [before, limit],
  );
  return tokens.length + sessions.length;
}
