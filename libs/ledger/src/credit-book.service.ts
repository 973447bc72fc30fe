import { Injectable } from '@nestjs/common';
import type { TenantTx } from '#libs/database';
import { EventStore, JobStore } from '#libs/journal';
import { newUuid, NotFound, SECOND, timeOrNull } from '#libs/kernel';
import {
  CREDIT_CAUSES,
  type CreditPosting,
  type NewLot,
  type Portion,
  type ReservationState,
  takeInOrder,
  negative,
  totalOf,
} from './credit.js';
import { InsufficientCredits } from './credit-refusals.js';
import { CreditAccountRow, CreditHoldRow, CreditReservationRow } from './credit.entity.js';
import {
  expireLots,
  freeLots,
  heldBy,
  orphanedPortions,
  moveLots,
  nextLapse,
  overdueReservations,
  writeEntries,
} from './credit.rows.js';
import { creditChangeView } from './credit-change-view.js';

type CreditEvent = 'credits.granted' | 'credits.spent' | 'credits.expired' | 'credits.clawed_back';

/**
 * Provides the primitive operations on credits. All run under the account's row lock, and therefore one after another;
 * the database also refuses a negative balance. In the global lock order this lock is last: after the order's and the
 * charge's.
 */
@Injectable()
export class CreditBook {
  constructor(
    private readonly events: EventStore,
    private readonly jobs: JobStore,
  ) {}

  /** Locks an account, creating it if needed. @throws NotFound when none of the tenant's bots knows the buyer */
  async open(tx: TenantTx, buyerId: number, unit: string, now: Date): Promise<CreditAccountRow> {
    const found = await this.find(tx, { buyerId, unit }, now);
    if (found !== undefined) return found;
    await tx.query(
      `insert into credit_accounts (tenant_id, id, buyer_id, unit, created_at, updated_at)
       select $1, $2, $3, $4, $5, $5 where exists (select from buyers where tenant_id = $1 and telegram_id = $3)
       on conflict (tenant_id, buyer_id, unit) do nothing`,
      [tx.tenantId, newUuid(now.getTime()), buyerId, unit, now],
    );
    const made = await this.find(tx, { buyerId, unit }, now);
    if (made === undefined) throw new NotFound('buyer');
    return made;
  }

  /** Locks an account and records everything that has expired. */
  async find(
    tx: TenantTx,
    where: { readonly id: string } | { readonly buyerId: number; readonly unit: string },
    now: Date,
  ): Promise<CreditAccountRow | undefined> {
    const account = await tx.manager.findOne(CreditAccountRow, {
      where: { tenantId: tx.tenantId, ...where },
      lock: { mode: 'for_no_key_update' },
    });
    return account === null ? undefined : this.lapse(tx, account, now);
  }

  /** Adds a lot. @returns undefined when the charge already has a lot: nothing was written */
  async addLot(
    tx: TenantTx,
    account: CreditAccountRow,
    { id, cause, amount, expiresAt, chargeId, reason, sale }: NewLot,
    now: Date,
  ): Promise<CreditAccountRow | undefined> {
    const added = await tx.query(
      `insert into credit_lots (tenant_id, id, account_id, charge_id, amount, expires_at, created_at)
       values ($1, $2, $3, $4, $5, $6, $7) on conflict (tenant_id, charge_id) do nothing returning 1`,
      [tx.tenantId, id, account.id, chargeId, amount, expiresAt, now],
    );
    if (added.length === 0) return undefined;
    const posting = {
      cause,
      causeId: chargeId ?? id,
      portions: [{ lotId: id, amount }],
      told: { expires_at: timeOrNull(expiresAt) },
      ...(reason === undefined ? {} : { reason }),
      ...(sale === undefined ? {} : { sale }),
    };
    return this.lapseBy(tx, await this.post(tx, account, posting, now), expiresAt);
  }

  /** Chooses available credits for an amount, oldest expiry first. @throws InsufficientCredits */
  async take(tx: TenantTx, account: CreditAccountRow, amount: number): Promise<Portion[]> {
    const available = account.balance - account.reserved;
    if (available < amount) throw new InsufficientCredits(account.unit, available, amount);
    return takeInOrder(await freeLots(tx, account.id, amount), amount);
  }

  /** Writes entries with their resulting balances, and their event. @returns the changed account */
  async post(tx: TenantTx, account: CreditAccountRow, posting: CreditPosting, now: Date): Promise<CreditAccountRow> {
    // Pipelined: the statements are sent without waiting for each other's results.
    const [posted] = await Promise.all([
      this.write(tx, account, posting, now),
      this.tell(tx, accountAfter(account, posting, now), posting),
    ]);
    return posted;
  }

  /** Writes the entries without an event. */
  async write(tx: TenantTx, account: CreditAccountRow, posting: CreditPosting, now: Date): Promise<CreditAccountRow> {
    const after = accountAfter(account, posting, now);
    const { balance, entries, updatedAt } = after;
    await Promise.all([
      writeEntries(tx, account, posting, now),
      moveLots(tx, 'remaining', posting.portions),
      this.save(tx, account, { balance, entries, updatedAt }),
    ]);
    return after;
  }

  /** Records the event of a posting, even of one without entries. */
  async tell(tx: TenantTx, account: CreditAccountRow, posting: CreditPosting): Promise<void> {
    const { cause, causeId, portions, sale, reason = null } = posting;
    const { change } = CREDIT_CAUSES[cause];
    // Credits that return after a failed refund are reported as granted, with a separate cause.
    const type: CreditEvent = `credits.${change === 'restored' ? 'granted' : change}`;
    const amount = Math.abs(totalOf(portions));
    const data = { ...creditChangeView(account, { cause, causeId, amount, reason }), ...posting.told };
    const order = sale?.orderId ? { orderId: sale.orderId } : {};
    await this.events.record(tx, { type, data, ...(sale === undefined ? {} : { botId: sale.botId }), ...order });
  }

  /** Opens a reservation that holds these portions. */
  async hold(
    tx: TenantTx,
    account: CreditAccountRow,
    reservation: CreditReservationRow,
    portions: readonly Portion[],
  ): Promise<void> {
    const { tenantId } = tx;
    await tx.manager.insert(CreditReservationRow, reservation);
    await tx.manager.insert(
      CreditHoldRow,
      portions.map((portion) => ({ tenantId, reservationId: reservation.id, ...portion })),
    );
    const holding = await this.moveReserved(tx, account, portions);
    await this.lapseBy(tx, holding, reservation.expiresAt);
  }

  /**
   * Ends an open reservation: spends the first `spend` credits that it holds and releases the rest. Released credits
   * are lost at once when their lot has expired or was taken back meanwhile.
   */
  async end(
    tx: TenantTx,
    account: CreditAccountRow,
    reservation: CreditReservationRow,
    to: {
      readonly state: Exclude<ReservationState, 'open'>;
      readonly spend: number;
      readonly sale?: CreditPosting['sale'];
    },
    now: Date,
  ): Promise<{ readonly account: CreditAccountRow; readonly reservation: CreditReservationRow }> {
    const [key, causeId] = [{ tenantId: tx.tenantId }, reservation.id];
    const sale = to.sale === undefined ? {} : { sale: to.sale };
    const held = await heldBy(tx, reservation.id);
    let current = await this.moveReserved(tx, account, held.map(negative));
    if (to.spend > 0) {
      const portions = takeInOrder(held, to.spend).map(negative);
      current = await this.post(
        tx,
        current,
        { cause: 'reservation', causeId, portions, reason: reservation.reason, ...sale },
        now,
      );
    }
    for (const gone of await orphanedPortions(tx, reservation.id, now)) {
      const cause = gone.takenBack ? 'refund_after_release' : 'expiry_after_release';
      const portions = [negative(gone)];
      if (gone.takenBack) await this.countClawBack(tx, gone.lotId, gone.amount);
      current = await this.post(tx, current, { cause, causeId, portions, ...sale }, now);
    }
    const changes = { state: to.state, committed: to.spend > 0 ? to.spend : null, closedAt: now };
    await tx.manager.update(CreditReservationRow, { ...key, id: reservation.id }, changes);
    return { account: current, reservation: { ...reservation, ...changes } };
  }

  /** Schedules the account's job so that an expiry is recorded in time. */
  async lapseBy(tx: TenantTx, account: CreditAccountRow, at: Date | null): Promise<CreditAccountRow> {
    if (at === null || (account.lapsesAt !== null && account.lapsesAt <= at)) return account;
    await this.jobs.enqueue(tx, [{ kind: 'credits.lapse', subject: account.id, dueAt: at }]);
    return this.save(tx, account, { lapsesAt: at });
  }

  /**
   * Schedules the next check of an account, at least a second from now: jobs use the database's clock, lots use ours.
   */
  async planLapse(tx: TenantTx, { id, lapsesAt }: CreditAccountRow, now: Date): Promise<void> {
    if (lapsesAt === null) return;
    const dueAt = new Date(Math.max(lapsesAt.getTime(), now.getTime() + SECOND));
    await this.jobs.enqueue(tx, [{ kind: 'credits.lapse', subject: id, dueAt }]);
  }

  /** Adds to the amount that was taken back from a lot. */
  async countClawBack(tx: TenantTx, lotId: string, amount: number): Promise<void> {
    await tx.query('update credit_lots set clawed_back = clawed_back + $3 where tenant_id = $1 and id = $2', [
      tx.tenantId,
      lotId,
      amount,
    ]);
  }

  private async lapse(tx: TenantTx, account: CreditAccountRow, now: Date): Promise<CreditAccountRow> {
    if (account.lapsesAt === null || account.lapsesAt > now) return account;
    let current = account;
    for (const lot of await expireLots(tx, account.id, now)) {
      if (lot.amount === 0) continue;
      const portions = [negative(lot)];
      current = await this.post(tx, current, { cause: 'expiry', causeId: lot.lotId, portions }, now);
    }
    for (const reservation of await overdueReservations(tx, account.id, now)) {
      ({ account: current } = await this.end(tx, current, reservation, { state: 'expired', spend: 0 }, now));
    }
    const next = await nextLapse(tx, account.id);
    return this.lapseBy(tx, await this.save(tx, current, { lapsesAt: null }), next);
  }

  private async moveReserved(
    tx: TenantTx,
    account: CreditAccountRow,
    portions: readonly Portion[],
  ): Promise<CreditAccountRow> {
    await moveLots(tx, 'reserved', portions);
    return this.save(tx, account, { reserved: account.reserved + totalOf(portions) });
  }

  private async save(
    tx: TenantTx,
    account: CreditAccountRow,
    changes: Partial<CreditAccountRow>,
  ): Promise<CreditAccountRow> {
    await tx.manager.update(CreditAccountRow, { tenantId: tx.tenantId, id: account.id }, changes);
    return { ...account, ...changes };
  }
}

const accountAfter = (account: CreditAccountRow, { portions }: CreditPosting, now: Date): CreditAccountRow => ({
  ...account,
  balance: account.balance + totalOf(portions),
  entries: account.entries + portions.length,
  updatedAt: now,
});
