import type { PlatformTx } from '#libs/database';

/** Deletes links that expired before a time. @returns the number of rows deleted, at most `limit` */
export async function forgetLinks(tx: PlatformTx, before: Date, limit: number): Promise<number> {
  const links = await tx.query(
    `delete from account_links where id in (
       select id from account_links where expires_at < $1 order by expires_at limit $2 for update skip locked) returning 1`,
    [before, limit],
  );
  return links.length;
}
