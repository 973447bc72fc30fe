import { Injectable } from '@nestjs/common';
import type { TenantTx } from '#libs/database';
import { newUuid } from '#libs/kernel';
import type { Account, Entry } from './posting.js';

export interface Posting {
  readonly botId: string;
  readonly cause: 'charge' | 'refund';
  /** UUID of the charge or refund. */
  readonly causeId: string;
  readonly entries: readonly Entry[];
}

/** Append-only: entries never change; a mistake is corrected by another posting. */
@Injectable()
export class LedgerService {
  /**
   * Writes the entries of one cause.
   * @throws Error when the sum of the entries is not zero, and a unique violation when the cause was posted before:
   * both roll back the caller's transaction
   */
  async post(tx: TenantTx, posting: Posting): Promise<void> {
    const sum = posting.entries.reduce((total, entry) => total + entry.stars, 0);
    if (sum !== 0) throw new Error(`the entries of ${posting.cause} ${posting.causeId} add up to ${sum}, not to zero`);
    await tx.query(
      `insert into ledger_entries (tenant_id, id, bot_id, account, stars, cause, cause_id)
       select $1, e.id, $2, e.account, e.stars, $3, $4 from unnest($5::uuid[], $6::text[], $7::bigint[]) as e (id, account, stars)`,
      [
        tx.tenantId,
        posting.botId,
        posting.cause,
        posting.causeId,
        posting.entries.map(() => newUuid()),
        posting.entries.map((entry) => entry.account),
        posting.entries.map((entry) => entry.stars),
      ],
    );
  }

  /** The balance of one bot's account, in Stars. */
  async balance(tx: TenantTx, botId: string, account: Account): Promise<number> {
    const rows = await tx.query<{ sum: number }>(
      `select coalesce(sum(stars), 0)::bigint as sum from ledger_entries where tenant_id = $1 and bot_id = $2 and account = $3`,
      [tx.tenantId, botId, account],
    );
    return rows[0]?.sum ?? 0;
  }
}
