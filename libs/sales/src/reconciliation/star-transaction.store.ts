import { Injectable } from '@nestjs/common';
import type { TenantTx } from '#libs/database';
import { StarCursorRow, StarTransactionRow } from './star-transaction.entity.js';
import {
  advance,
  disorder,
  freshRows,
  keyOf,
  type Listed,
  type ListCursor,
  readFrom,
  START,
} from './star-transaction.js';

export type PageOutcome =
  | { readonly kind: 'read'; readonly rows: number; readonly brought: number; readonly cursor: ListCursor }
  /** The order of the list has changed; from now on it is read from its start. */
  | { readonly kind: 'disorder'; readonly why: string }
  /** Another reader has read further meanwhile. */
  | { readonly kind: 'overtaken' };

/** The mirror of Telegram's list. Writers hold the bot's cursor. */
@Injectable()
export class StarTransactionStore {
  async cursor(tx: TenantTx, botId: string): Promise<ListCursor> {
    return (await tx.manager.findOneBy(StarCursorRow, { tenantId: tx.tenantId, botId })) ?? START;
  }

  /** Serialises everything that reads or compares a bot's list. */
  async lockCursor(tx: TenantTx, botId: string): Promise<StarCursorRow> {
    await tx.query(`insert into star_cursors (tenant_id, bot_id) values ($1, $2) on conflict do nothing`, [
      tx.tenantId,
      botId,
    ]);
    return tx.manager.findOneOrFail(StarCursorRow, {
      where: { tenantId: tx.tenantId, botId },
      lock: { mode: 'pessimistic_write' },
    });
  }

  /**
   * Stores a page and moves the cursor past it, both or neither.
   * @param at the cursor for which the page was read; when it has moved since, nothing happens
   */
  async keep(tx: TenantTx, botId: string, at: ListCursor, page: readonly Listed[]): Promise<PageOutcome> {
    const cursor = await this.lockCursor(tx, botId);
    if (!isSame(cursor, at)) return { kind: 'overtaken' };
    const why = disorder(cursor, page, await this.known(tx, botId, freshRows(cursor, page)));
    if (why !== undefined) {
      await this.reread(tx, botId);
      return { kind: 'disorder', why };
    }
    const next = advance(cursor, page);
    const brought = await this.upsert(tx, botId, readFrom(cursor), page);
    await this.move(tx, botId, next);
    return { kind: 'read', rows: freshRows(cursor, page).length, brought, cursor: next };
  }

  /** Records whether reconciliations are failing, and whether the creator has been told. */
  async noteFailing(
    tx: TenantTx,
    botId: string,
    failing: Pick<StarCursorRow, 'failingSince' | 'failingToldAt'>,
  ): Promise<void> {
    await tx.manager.update(StarCursorRow, { tenantId: tx.tenantId, botId }, failing);
  }

  /** Records the result of a reconciliation at rest: the first that finds a difference sets the time. */
  async noteDifference(tx: TenantTx, botId: string, differs: boolean, now: Date): Promise<void> {
    await tx.query(
      `update star_cursors set differs_since = case when $3 then coalesce(differs_since, $4) end
       where tenant_id = $1 and bot_id = $2`,
      [tx.tenantId, botId, differs, now],
    );
  }

  /** Makes the next read start from the beginning of the list. */
  async reread(tx: TenantTx, botId: string): Promise<void> {
    await this.move(tx, botId, { ...START, rereading: true });
  }

  /** Outgoing: Telegram has refunded this charge. */
  async isRefundListed(tx: TenantTx, botId: string, telegramChargeId: string): Promise<boolean> {
    const key = { tenantId: tx.tenantId, botId, id: telegramChargeId, direction: 'out' } as const;
    return tx.manager.existsBy(StarTransactionRow, key);
  }

  /** Withdrawals whose state may have changed in place, oldest first. */
  pendingWithdrawals(tx: TenantTx, botId: string, limit: number): Promise<StarTransactionRow[]> {
    return tx.manager.find(StarTransactionRow, {
      where: { tenantId: tx.tenantId, botId, withdrawal: 'pending' },
      order: { position: 'ASC' },
      take: limit,
    });
  }

  /** Stores Telegram's current facts about a withdrawal. */
  async renew(tx: TenantTx, botId: string, row: Listed): Promise<void> {
    const key = { tenantId: tx.tenantId, botId, id: row.id, direction: row.direction };
    await tx.manager.update(StarTransactionRow, key, { withdrawal: row.withdrawal, raw: row.raw });
  }

  /**
   * Payments and refunds that are missing from our books, in Telegram's order; previous failures come last. Unreadable
   * rows are excluded.
   * @param triedBefore only rows that were not tried since
   * @param before only rows from before, and paid media, whose updates contain no amount; undefined for all
   */
  open(
    tx: TenantTx,
    botId: string,
    triedBefore: Date,
    before: Date | undefined,
    limit: number,
  ): Promise<StarTransactionRow[]> {
    const query = tx.manager
      .createQueryBuilder(StarTransactionRow, 's')
      .where('s.tenantId = :tenantId and s.botId = :botId and not s.settled', { tenantId: tx.tenantId, botId })
      .andWhere(`s.kind <> 'other'`)
      .andWhere('(s.triedAt is null or s.triedAt < :triedBefore)', { triedBefore });
    if (before !== undefined) query.andWhere(`(s.occurredAt <= :before or s.kind = 'paid_media_payment')`, { before });
    return query.orderBy('s.triedAt', 'ASC', 'NULLS FIRST').addOrderBy('s.position', 'ASC').limit(limit).getMany();
  }

  /** @param problem the reason why it could not be settled; undefined when it was settled */
  async tried(tx: TenantTx, row: StarTransactionRow, problem: string | undefined, now: Date): Promise<void> {
    const { tenantId, botId, id, direction } = row;
    const changes = { settled: problem === undefined, problem: problem ?? null, triedAt: now };
    await tx.manager.update(StarTransactionRow, { tenantId, botId, id, direction }, changes);
  }

  private async move(tx: TenantTx, botId: string, to: ListCursor): Promise<void> {
    const { rowsRead, lastKey, lastAt, rereading } = to;
    await tx.manager.update(StarCursorRow, { tenantId: tx.tenantId, botId }, { rowsRead, lastKey, lastAt, rereading });
  }

  private async known(tx: TenantTx, botId: string, rows: readonly Listed[]): Promise<ReadonlySet<string>> {
    const found = await tx.query<Pick<Listed, 'id' | 'direction'>>(
      `select id, direction from star_transactions where tenant_id = $1 and bot_id = $2 and id = any($3::text[])`,
      [tx.tenantId, botId, rows.map((row) => row.id)],
    );
    return new Set(found.map(keyOf));
  }

  /** @returns the number of new rows */
  private async upsert(tx: TenantTx, botId: string, from: number, page: readonly Listed[]): Promise<number> {
    const rows = await tx.query<{ fresh: boolean }>(UPSERT, [
      tx.tenantId,
      botId,
      JSON.stringify(distinct(page.map((row, place) => ({ ...row, position: from + place })))),
    ]);
    return rows.filter((row) => row.fresh).length;
  }
}

/** While the list is read again, a row may appear twice; its last position counts. */
const distinct = <Row extends Listed>(rows: readonly Row[]) => [
  ...new Map(rows.map((row) => [keyOf(row), row])).values(),
];

const isSame = (a: ListCursor, b: ListCursor) =>
  a.rowsRead === b.rowsRead && a.lastKey === b.lastKey && a.rereading === b.rereading;

// Rows that the books already contain, or do not have to contain, are stored as settled. An erased buyer stays erased,
// however often Telegram names them. A row that could not be read is repaired when it is read again; a readable row is
// never overwritten by an unreadable one.
const UPSERT = `
insert into star_transactions as s (tenant_id, bot_id, id, direction, kind, amount, nanostars, buyer_id, payload, withdrawal,
  position, occurred_at, raw, settled, problem)
select $1, $2, r.id, r.direction, r.kind, r.amount, r.nanostars,
  case when c.buyer_id < 0 then c.buyer_id else r."buyerId" end, r.payload, r.withdrawal, r.position,
  r."occurredAt", case when c.buyer_id < 0 then '{}' else r.raw end,
  case when r.problem is not null then false
       when r.kind not in ('invoice_payment', 'paid_media_payment') then true
       when r.direction = 'in' then c.id is not null
       else coalesce(c.state = 'refunded', false) end, r.problem
from jsonb_to_recordset($3::jsonb) as r (id text, direction text, kind text, amount bigint, nanostars integer,
  "buyerId" bigint, payload text, withdrawal text, position bigint, "occurredAt" timestamptz, raw jsonb, problem text)
left join charges c on c.tenant_id = $1 and c.bot_id = $2 and c.telegram_charge_id = r.id
on conflict (tenant_id, bot_id, id, direction) do update
  set position = excluded.position, amount = excluded.amount, nanostars = excluded.nanostars,
      kind = case when s.settled then s.kind else excluded.kind end, payload = excluded.payload,
      buyer_id = case when s.buyer_id < 0 then s.buyer_id else excluded.buyer_id end,
      withdrawal = excluded.withdrawal, occurred_at = excluded.occurred_at,
      raw = case when s.buyer_id < 0 then s.raw else excluded.raw end,
      settled = s.settled or excluded.settled, problem = case when not excluded.settled then s.problem end
  where excluded.problem is null
returning xmax = 0 as fresh`;
