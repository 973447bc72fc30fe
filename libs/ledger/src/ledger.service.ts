import { Injectable } from '@nestjs/common';
import { inOneStatement, type Piece, type TenantTx } from '#libs/database';
import { newUuid } from '#libs/kernel';
import type { Account, Entry } from './posting.js';

export interface Posting {
  readonly botId: string;
  /** `match`: a charge without an order has become the payment of one. */
  readonly cause: 'charge' | 'refund' | 'match';
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
    const { sql, values } = entriesOf(tx, posting);
    await tx.query(sql, values);
  }

  /**
   * Writes a cause and its entries in one statement.
   * @param cause the insert of the cause, which returns a row
   * @returns false when the cause was not inserted: then nothing was posted
   * @throws as {@link post}
   */
  async postWith(tx: TenantTx, cause: Piece, posting: Posting): Promise<boolean> {
    const entries = entriesOf(tx, posting);
    const posted = { ...entries, sql: `${entries.sql} where exists (select from cause) returning 1` };
    const { sql, values } = inOneStatement({ cause, posted });
    return (await tx.query(sql, values)).length > 0;
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

function entriesOf({ tenantId }: TenantTx, { botId, cause, causeId, entries }: Posting): Piece {
  const sum = entries.reduce((total, entry) => total + entry.stars, 0);
  if (sum !== 0) throw new Error(`the entries of ${cause} ${causeId} add up to ${sum}, not to zero`);
  return {
    sql: `insert into ledger_entries (tenant_id, id, bot_id, account, stars, cause, cause_id)
      select $1::uuid, e.id, $2::uuid, e.account, e.stars, $3::text, $4::uuid
      from unnest($5::uuid[], $6::text[], $7::bigint[]) as e (id, account, stars)`,
    values: [
      tenantId,
      botId,
      cause,
      causeId,
      entries.map(() => newUuid()),
      entries.map((entry) => entry.account),
      entries.map((entry) => entry.stars),
    ],
  };
}
