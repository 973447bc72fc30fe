import { Injectable } from '@nestjs/common';
import { type Cursor, type PlatformTx, seek, type TenantTx } from '#libs/database';
import { EventStore, previousOf } from '#libs/journal';
import { newUuid, NotFound } from '#libs/kernel';
import { IdempotencyMismatch } from '#libs/ledger';
import { assertSpendingMove, CUT_OFF_MS, type SpendingKind, type SpendingState, SpendingUnderWay } from './spending.js';
import { SpendingRow } from './spending.entity.js';
import { spendingView } from './spending-view.js';

export type NewSpending = Omit<
  SpendingRow,
  'tenantId' | 'id' | 'state' | 'failure' | 'telegramTransactionId' | 'begunAt' | 'createdAt' | 'updatedAt'
>;

export interface SpendingFilter extends Cursor {
  readonly botId?: string | undefined;
  readonly kind?: SpendingKind | undefined;
  readonly state?: SpendingState | undefined;
  readonly limit: number;
}

/** Interrupted calls of one workspace. */
export interface CutOff {
  readonly tenantId: string;
  readonly ids: readonly string[];
}

const CUT_OFF = { failure: 'The call was interrupted.' } as const;

const EVENTS = { done: 'spending.succeeded', refused: 'spending.refused', unknown: 'spending.unknown' } as const;

/** One row per call that moves Stars. Its key permanently identifies one request in the whole workspace. */
@Injectable()
export class SpendingStore {
  constructor(private readonly events: EventStore) {}

  /**
   * The spending recorded for a key. An interrupted call becomes `unknown` here.
   * @returns undefined when nothing was done under the key
   * @throws IdempotencyMismatch, SpendingUnderWay
   */
  async known(tx: TenantTx, key: string, fingerprint: Buffer, now: Date): Promise<SpendingRow | undefined> {
    const row = await tx.manager.findOne(SpendingRow, {
      where: { tenantId: tx.tenantId, idempotencyKey: key },
      lock: { mode: 'pessimistic_write' },
    });
    if (row === null) return undefined;
    if (!row.fingerprint.equals(fingerprint)) throw new IdempotencyMismatch();
    if (row.state === 'refused') return undefined;
    if (row.state !== 'begun') return row;
    if (now.getTime() - row.begunAt.getTime() < CUT_OFF_MS) throw new SpendingUnderWay();
    return this.move(tx, row, 'unknown', CUT_OFF, now);
  }

  /** Returns interrupted calls of all workspaces, whose process died before the response arrived; oldest first. */
  cutOff(tx: PlatformTx, now: Date, limit: number): Promise<CutOff[]> {
    return tx.query<CutOff>(
      `select tenant_id as "tenantId", array_agg(id) as ids from (
         select tenant_id, id from spendings where state = 'begun' and begun_at <= $1 order by begun_at limit $2
       ) s group by tenant_id`,
      [new Date(now.getTime() - CUT_OFF_MS), limit],
    );
  }

  /**
   * Marks calls that are still in progress as `unknown`. Skips locked rows.
   * @returns the number of marked rows
   */
  async giveUp(tx: TenantTx, ids: readonly string[], now: Date): Promise<number> {
    const rows = await tx.manager
      .createQueryBuilder(SpendingRow, 's')
      .where(`s.tenantId = :tenantId and s.id = any(:ids) and s.state = 'begun'`, { tenantId: tx.tenantId, ids })
      .andWhere('s.begunAt <= :before', { before: new Date(now.getTime() - CUT_OFF_MS) })
      .setLock('pessimistic_write')
      .setOnLocked('skip_locked')
      .getMany();
    for (const row of rows) await this.move(tx, row, 'unknown', CUT_OFF, now);
    return rows.length;
  }

  /** Records that the call is about to be made. @throws SpendingUnderWay if another request was faster */
  async begin(tx: TenantTx, wanted: NewSpending, now: Date): Promise<SpendingRow> {
    const row: SpendingRow = {
      ...wanted,
      tenantId: tx.tenantId,
      id: newUuid(now.getTime()),
      state: 'begun',
      failure: null,
      telegramTransactionId: null,
      begunAt: now,
      createdAt: now,
      updatedAt: now,
    };
    const inserted = await tx.query<{ id: string }>(
      `insert into spendings (tenant_id, id, bot_id, business_connection_id, kind, state, idempotency_key, fingerprint, stars, max_stars,
         person_id, details, requested_by, begun_at, created_at, updated_at)
       values ($1, $2, $3, $4, $5, 'begun', $6, $7, $8, $9, $10, $11, $12, $13, $13, $13)
       on conflict (tenant_id, idempotency_key) do update
         set state = 'begun', stars = excluded.stars, max_stars = excluded.max_stars, failure = null,
             requested_by = excluded.requested_by, begun_at = excluded.begun_at, updated_at = excluded.updated_at
         where spendings.state = 'refused' and spendings.fingerprint = excluded.fingerprint
       returning id`,
      [
        tx.tenantId,
        row.id,
        row.botId,
        row.businessConnectionId,
        row.kind,
        row.idempotencyKey,
        row.fingerprint,
        row.stars,
        row.maxStars,
        row.personId,
        row.details,
        row.requestedBy,
        now,
      ],
    );
    const [{ id } = {}] = inserted;
    if (id === undefined) throw new SpendingUnderWay();
    return this.get(tx, id);
  }

  /** Changes the state. The caller has locked the row, or is the only one working on it. */
  async move(
    tx: TenantTx,
    row: SpendingRow,
    state: 'done' | 'refused' | 'unknown',
    what: Partial<Pick<SpendingRow, 'failure' | 'telegramTransactionId'>>,
    now: Date,
  ): Promise<SpendingRow> {
    assertSpendingMove(row.state, state);
    const changes = { failure: null, ...what, state, updatedAt: now };
    await tx.manager.update(SpendingRow, { tenantId: tx.tenantId, id: row.id }, changes);
    const after = { ...row, ...changes };
    const data = spendingView(after);
    const previous = previousOf(spendingView(row), data);
    await this.events.record(tx, { type: EVENTS[state], botId: row.botId, data, previous });
    return after;
  }

  /** @throws NotFound */
  async get(tx: TenantTx, id: string): Promise<SpendingRow> {
    const row = await tx.manager.findOneBy(SpendingRow, { tenantId: tx.tenantId, id });
    if (row === null) throw new NotFound('spending');
    return row;
  }

  /** @throws NotFound */
  async lock(tx: TenantTx, id: string): Promise<SpendingRow> {
    const where = { tenantId: tx.tenantId, id };
    const row = await tx.manager.findOne(SpendingRow, { where, lock: { mode: 'pessimistic_write' } });
    if (row === null) throw new NotFound('spending');
    return row;
  }

  /** Newest first. */
  list(tx: TenantTx, { botId, kind, state, limit, ...cursor }: SpendingFilter): Promise<SpendingRow[]> {
    const query = tx.manager.createQueryBuilder(SpendingRow, 's').where('s.tenantId = :t', { t: tx.tenantId });
    if (botId !== undefined) query.andWhere('s.botId = :botId', { botId });
    if (kind !== undefined) query.andWhere('s.kind = :kind', { kind });
    if (state !== undefined) query.andWhere('s.state = :state', { state });
    return seek(query, 's.id', cursor).limit(limit).getMany();
  }
}
