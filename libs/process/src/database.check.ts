import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { SECOND } from '#libs/kernel';

/** Milliseconds within which the database must answer. */
const PATIENCE_MS = SECOND / 2;
/** Minimum milliseconds between two test writes to a healthy database, however often it is checked. */
const REMEMBER_MS = SECOND;

/** Tests that the database writes. */
@Injectable()
export class DatabaseCheck {
  private asked: { readonly at: number; readonly writes: Promise<boolean> } | undefined;

  constructor(private readonly db: Database) {}

  /** True if the database commits within half a second. Never throws. */
  writes(): Promise<boolean> {
    const now = Date.now();
    if (this.asked !== undefined && now - this.asked.at < REMEMBER_MS) return this.asked.writes;
    const writes = this.write();
    this.asked = { at: now, writes };
    void writes.then((well) => {
      if (!well) this.asked = undefined;
    });
    return writes;
  }

  private write(): Promise<boolean> {
    const answer = this.db.inPlatform('health check', async (tx) => {
      // A message without readers: it reaches the disk like any commit, and leaves no row behind.
      const [row] = await tx.query<{ readOnly: boolean }>(
        `select current_setting('transaction_read_only')::boolean as "readOnly", pg_logical_emit_message(true, 'starwall', 'health')`,
      );
      return row?.readOnly === false;
    });
    const late = new Promise<boolean>((resolve) => setTimeout(resolve, PATIENCE_MS, false).unref());
    return Promise.race([answer, late]).catch(() => false);
  }
}
