import type { TenantTx } from '#libs/database';
import { newUuid } from '#libs/kernel';
import type { CreditCause, Portion } from './credit.js';
import { type CreditAccountRow, CreditReservationRow } from './credit.entity.js';

// Statements on the credit tables. Those that write require the account's lock.

/** Appends entries with one cause, one per lot. */
export async function writeEntries(
  tx: TenantTx,
  account: CreditAccountRow,
  entries: {
    readonly cause: CreditCause;
    readonly causeId: string;
    readonly reason?: string | null;
    readonly portions: readonly Portion[];
  },
  now: Date,
): Promise<void> {
  const { cause, causeId, portions, reason = null } = entries;
  await tx.query(
    `insert into credit_entries (tenant_id, id, account_id, number, lot_id, cause, cause_id, amount, balance, reason, created_at)
     select $1, e.id, $2, $3 + e.n, e.lot_id, $4, $5, e.amount, $6 + sum(e.amount) over (order by e.n), $7, $8
     from unnest($9::uuid[], $10::uuid[], $11::bigint[]) with ordinality as e (id, lot_id, amount, n)`,
    [
      tx.tenantId,
      account.id,
      account.entries,
      cause,
      causeId,
      account.balance,
      reason,
      now,
      portions.map(() => newUuid(now.getTime())),
      portions.map(({ lotId }) => lotId),
      portions.map(({ amount }) => amount),
    ],
  );
}

/** @param portions signed amounts, to be added */
export async function moveLots(
  tx: TenantTx,
  column: 'remaining' | 'reserved',
  portions: readonly Portion[],
): Promise<void> {
  await tx.query(
    `update credit_lots l set ${column} = l.${column} + p.amount from unnest($2::uuid[], $3::bigint[]) as p (id, amount)
     where l.tenant_id = $1 and l.id = p.id`,
    [tx.tenantId, portions.map(({ lotId }) => lotId), portions.map(({ amount }) => amount)],
  );
}

/** The first lots, oldest expiry first, that together have `amount` available. */
export function freeLots(tx: TenantTx, accountId: string, amount: number): Promise<Portion[]> {
  return tx.query<Portion>(
    `select id as "lotId", free as amount from (
       select id, expires_at, remaining - reserved as free,
         sum(remaining - reserved) over (order by expires_at nulls last, id) - (remaining - reserved) as before
       from credit_lots where tenant_id = $1 and account_id = $2 and remaining > 0 and remaining > reserved
     ) l where before < $3 order by expires_at nulls last, id`,
    [tx.tenantId, accountId, amount],
  );
}

/**
 * Marks expired lots, each once even if the clocks of several processes differ.
 * @returns their available credits, possibly none
 */
export function expireLots(tx: TenantTx, accountId: string, now: Date): Promise<Portion[]> {
  return tx.query<Portion>(
    `with gone as (
       update credit_lots set expired_at = $3
       where tenant_id = $1 and account_id = $2 and remaining > 0 and expired_at is null and expires_at <= $3
       returning id, remaining - reserved as free, expires_at
     )
     select id as "lotId", free as amount from gone order by expires_at, id`,
    [tx.tenantId, accountId, now],
  );
}

export function overdueReservations(tx: TenantTx, accountId: string, now: Date): Promise<CreditReservationRow[]> {
  return tx.manager
    .createQueryBuilder(CreditReservationRow, 'r')
    .where(`r.tenantId = :tenantId and r.accountId = :accountId and r.state = 'open'`, {
      tenantId: tx.tenantId,
      accountId,
    })
    .andWhere('r.expiresAt <= :now', { now })
    .orderBy({ 'r.expiresAt': 'ASC', 'r.id': 'ASC' })
    .getMany();
}

/** The next time at which a lot or reservation expires; null when none will. */
export async function nextLapse(tx: TenantTx, accountId: string): Promise<Date | null> {
  const rows = await tx.query<{ at: Date | null }>(
    `select least(
       (select min(expires_at) from credit_lots
        where tenant_id = $1 and account_id = $2 and remaining > 0 and expired_at is null),
       (select min(expires_at) from credit_reservations where tenant_id = $1 and account_id = $2 and state = 'open')) as at`,
    [tx.tenantId, accountId],
  );
  return rows[0]?.at ?? null;
}

/** The portions that an open reservation holds, in the order of spending. */
export function heldBy(tx: TenantTx, reservationId: string): Promise<Portion[]> {
  return tx.query<Portion>(
    `select h.lot_id as "lotId", h.amount from credit_holds h
     join credit_lots l on l.tenant_id = h.tenant_id and l.id = h.lot_id
     where h.tenant_id = $1 and h.reservation_id = $2 order by l.expires_at nulls last, l.id`,
    [tx.tenantId, reservationId],
  );
}

/** Available credits in a reservation's lots that have expired or been taken back, and so must have none. */
export function orphanedPortions(
  tx: TenantTx,
  reservationId: string,
  now: Date,
): Promise<Array<Portion & { readonly takenBack: boolean }>> {
  return tx.query(
    `select l.id as "lotId", l.remaining - l.reserved as amount, l.refund_id is not null as "takenBack"
     from credit_holds h join credit_lots l on l.tenant_id = h.tenant_id and l.id = h.lot_id
     where h.tenant_id = $1 and h.reservation_id = $2 and l.remaining > l.reserved
       and (l.refund_id is not null or l.expired_at is not null or l.expires_at <= $3) order by l.id`,
    [tx.tenantId, reservationId, now],
  );
}
