import { Inject, Injectable } from '@nestjs/common';
import { type Room, ROOMS, type Sql, type TenantTx } from '#libs/database';
import { type Pair, UNDER_WAY, type UnderWay } from './erasure.js';
import { type ErasurePlan, erasurePlan, underWayQuery } from './plan.js';

/** Runs the statements of the table cards. Everything runs in the caller's transaction. */
@Injectable()
export class ErasureStore {
  private readonly plan: ErasurePlan;
  private readonly underWayOf: Sql;

  constructor(@Inject(ROOMS) rooms: readonly Room[]) {
    this.plan = erasurePlan(rooms);
    this.underWayOf = underWayQuery(rooms, UNDER_WAY);
  }

  /**
   * Locks a buyer's rows: orders before the buyer, as sales do.
   * @returns true when anything about the buyer is stored
   */
  async lock(tx: TenantTx, telegramId: number): Promise<boolean> {
    const key = [tx.tenantId, telegramId];
    await tx.query(`select pg_advisory_xact_lock(hashtextextended('erasure ' || $1 || ' ' || $2::text, 0))`, key);
    for (const lock of this.plan.locks) await tx.query(lock, key);
    const [known] = await tx.query<{ known: boolean }>(this.plan.known, key);
    return known?.known ?? false;
  }

  /** Pending work that still needs the person. */
  async underWay(tx: TenantTx, telegramId: number, now: Date): Promise<UnderWay[]> {
    const [found] = await tx.query<Record<UnderWay, boolean>>(this.underWayOf, [tx.tenantId, telegramId, now]);
    return found === undefined ? [] : UNDER_WAY.filter((one) => found[one]);
  }

  /** Up to `limit` buyers who are not erased. */
  async persons(tx: TenantTx, limit: number): Promise<number[]> {
    const rows = await tx.query<{ telegramId: number }>(this.plan.persons, [tx.tenantId, limit]);
    return rows.map((row) => row.telegramId);
  }

  /** Replaces persons by pseudonyms in everything that the books need. */
  async replace(tx: TenantTx, pairs: readonly Pair[]): Promise<void> {
    const given = [tx.tenantId, pairs.map((pair) => pair.telegramId), pairs.map((pair) => pair.pseudonym)];
    for (const statement of this.plan.replace) await tx.query(statement, given);
  }

  /** Replaces one person in free-form data: updates, events, stored responses. Call it after {@link replace}. */
  async scrub(tx: TenantTx, { telegramId, pseudonym }: Pair, now: Date): Promise<void> {
    const given = [tx.tenantId, String(telegramId), String(pseudonym), now];
    let changed: unknown[] = [];
    for (const { sql, after } of this.plan.scrub) {
      if (after !== undefined && changed.length === 0) continue;
      const rows = await tx.query(sql, after === undefined ? given : [...given, changed]);
      if (after === undefined) changed = rows.map(({ id }) => id);
    }
  }
}
