import { Injectable } from '@nestjs/common';
import { LessThan, MoreThan } from 'typeorm';
import type { Cursor, TenantTx } from '#libs/database';
import { NotFound } from '#libs/kernel';
import { lotAt, type StoredLot } from './credit.js';
import { CreditAccountRow, CreditEntryRow, CreditReservationRow } from './credit.entity.js';
import { type EntryFacts, type ReservationView, reservationView, type UnitBalance } from './credit-view.js';

type LotOfUnit = StoredLot & { readonly unit: string };

/** Reads without locks and writes nothing. Leaves out expired credits even if their expiry is not recorded yet. */
@Injectable()
export class CreditReader {
  /**
   * A buyer's credits, one item for each unit that they have ever had, by name; lots in the order of spending.
   * @throws NotFound (buyer)
   */
  async balances(tx: TenantTx, buyerId: number, now: Date): Promise<UnitBalance[]> {
    // One statement, so that all rows are of the same moment.
    const rows = await tx.query<LotOfUnit | { readonly unit: string; readonly id: null }>(
      `select a.unit, l.id, l.charge_id as "chargeId", l.amount, l.remaining, l.reserved, l.expires_at as "expiresAt",
         l.refund_id is not null as "takenBack", l.created_at as "createdAt",
         coalesce((select sum(h.amount) from credit_holds h
            join credit_reservations r on r.tenant_id = h.tenant_id and r.id = h.reservation_id
            where h.tenant_id = l.tenant_id and h.lot_id = l.id and r.state = 'open' and r.expires_at <= $3), 0)::bigint as lapsed
       from credit_accounts a
       left join credit_lots l on l.tenant_id = a.tenant_id and l.account_id = a.id and l.remaining > 0
       where a.tenant_id = $1 and a.buyer_id = $2 order by a.unit, l.expires_at nulls last, l.id`,
      [tx.tenantId, buyerId, now],
    );
    if (rows.length === 0) await this.needBuyer(tx, buyerId);
    const units = new Map<string, LotOfUnit[]>();
    for (const row of rows) {
      const lots = units.get(row.unit) ?? [];
      units.set(row.unit, row.id === null ? lots : [...lots, row]);
    }
    return [...units].map(([unit, stored]) => unitBalance(buyerId, unit, stored, now));
  }

  /** The entries of one account, latest first, one more than `limit`. @throws NotFound (buyer) */
  async history(
    tx: TenantTx,
    { buyerId, unit, limit, after, before }: HistoryFilter,
  ): Promise<{ readonly unit: string; readonly entries: readonly EntryFacts[] }> {
    const { tenantId } = tx;
    const account = await tx.manager.findOneBy(CreditAccountRow, { tenantId, buyerId, unit });
    if (account === null) {
      await this.needBuyer(tx, buyerId);
      return { unit, entries: [] };
    }
    const cursor = after ?? before;
    const from = cursor === undefined ? null : await tx.manager.findOneBy(CreditEntryRow, { tenantId, id: cursor });
    if (cursor !== undefined && from?.accountId !== account.id) return { unit, entries: [] };
    const older = before === undefined;
    const entries = await tx.manager.find(CreditEntryRow, {
      where: {
        tenantId,
        accountId: account.id,
        ...(from === null ? {} : { number: older ? LessThan(from.number) : MoreThan(from.number) }),
      },
      order: { number: older ? 'DESC' : 'ASC' },
      take: limit + 1,
    });
    return { unit, entries };
  }

  /** @throws NotFound */
  async reservation(tx: TenantTx, reservationId: string, now: Date): Promise<ReservationView> {
    const { tenantId } = tx;
    const found = await tx.manager.findOneBy(CreditReservationRow, { tenantId, id: reservationId });
    if (found === null) throw new NotFound('reservation');
    const account = await tx.manager.findOneByOrFail(CreditAccountRow, { tenantId, id: found.accountId });
    const lapsed = found.state === 'open' && found.expiresAt !== null && found.expiresAt <= now;
    return reservationView(account, lapsed ? { ...found, state: 'expired', closedAt: found.expiresAt } : found);
  }

  /** @throws NotFound when none of the tenant's bots knows the person */
  async needBuyer(tx: TenantTx, buyerId: number): Promise<void> {
    const found = await tx.query('select 1 from buyers where tenant_id = $1 and telegram_id = $2 limit 1', [
      tx.tenantId,
      buyerId,
    ]);
    if (found.length === 0) throw new NotFound('buyer');
  }
}

export interface HistoryFilter extends Cursor {
  readonly buyerId: number;
  readonly unit: string;
  readonly limit: number;
}

function unitBalance(buyerId: number, unit: string, stored: readonly StoredLot[], now: Date): UnitBalance {
  const lots = stored.map((lot) => lotAt(lot, now)).filter((lot) => lot.remaining > 0);
  return {
    buyerId,
    unit,
    balance: lots.reduce((sum, lot) => sum + lot.remaining, 0),
    reserved: lots.reduce((sum, lot) => sum + lot.reserved, 0),
    lots,
  };
}
