import type { PlatformTx } from '#libs/database';

/** Deletes emails from before a time, sent or not. @returns the number of rows deleted, at most `limit` */
export async function forgetMails(tx: PlatformTx, before: Date, limit: number): Promise<number> {
  const mails = await tx.query(
    `delete from mails where ctid = any(array(
       select ctid from mails where created_at < $1 order by created_at limit $2)) returning 1`,
    [before, limit],
  );
  return mails.length;
}
