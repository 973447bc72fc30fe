import { Injectable } from '@nestjs/common';
import type { TenantTx } from '#libs/database';
import { newUuid, NotFound, timeOrNull } from '#libs/kernel';
import { MAX_BALANCE, negative, RESERVATION_DEFAULT_MS, RESERVATION_MAX_MS } from './credit.js';
import {
  CommitExceedsReservation,
  creditAmount,
  CreditsAlreadyExpired,
  InsufficientCredits,
  ReservationCommitted,
  reservationEnded,
  ReservationOfOrder,
  TooManyCredits,
} from './credit-refusals.js';
import { CreditBook } from './credit-book.service.js';
import { CreditRequestStore } from './credit-request.store.js';
import { type CreditAccountRow, CreditReservationRow } from './credit.entity.js';
import {
  type DebitView,
  debitView,
  type GrantView,
  grantView,
  type ReservationView,
  reservationView,
} from './credit-view.js';
import { CreditReader } from './credit-reader.service.js';

/** The buyer, the amount and the reason of a request. */
export interface CreditWish {
  /** Telegram id of a person who has used one of the tenant's bots. */
  readonly buyerId: number;
  readonly unit: string;
  /** Whole, 1 to MAX_CREDITS. */
  readonly amount: number;
  /** For the history, 1 to 255 characters. */
  readonly reason: string | null;
}

/**
 * The credit operations of a creator's server. Every call has an idempotency key, unique in the tenant: repeating a
 * request with its key returns the first response; a different request with that key is refused (IdempotencyMismatch).
 * A refused request writes nothing and leaves its key unused. Responses have the API's format, so that they can be
 * stored and repeated.
 */
@Injectable()
export class CreditService {
  constructor(
    private readonly book: CreditBook,
    private readonly reader: CreditReader,
    private readonly requests: CreditRequestStore,
  ) {}

  /**
   * Grants credits without a sale, as a separate pack.
   * @throws InvalidCreditAmount, NotFound (buyer), CreditsAlreadyExpired, TooManyCredits, IdempotencyMismatch
   */
  grant(
    tx: TenantTx,
    { expiresAt, ...wish }: CreditWish & { readonly expiresAt: Date | null },
    key: string,
    now: Date,
  ): Promise<GrantView> {
    const amount = creditAmount(wish.amount);
    const facts = { operation: 'grant', ...factsOf(wish), expiresAt: timeOrNull(expiresAt) };
    return this.requests.once(tx, key, facts, async () => {
      if (expiresAt !== null && expiresAt <= now) throw new CreditsAlreadyExpired();
      const account = await this.book.open(tx, wish.buyerId, wish.unit, now);
      if (account.balance + amount > MAX_BALANCE) throw new TooManyCredits();
      const [lot, { reason }] = [{ id: newUuid(now.getTime()), amount, expiresAt }, wish];
      const granted = await this.book.addLot(tx, account, { ...lot, cause: 'grant', chargeId: null, reason }, now);
      return grantView(granted ?? account, { ...lot, createdAt: now }, reason);
    });
  }

  /**
   * Spends credits at once, oldest expiry first.
   * @throws InvalidCreditAmount, NotFound (buyer), InsufficientCredits, IdempotencyMismatch
   */
  debit(tx: TenantTx, wish: CreditWish, key: string, now: Date): Promise<DebitView> {
    const amount = creditAmount(wish.amount);
    return this.requests.once(tx, key, { operation: 'debit', ...factsOf(wish) }, async () => {
      const account = await this.forSpending(tx, wish, now);
      const taken = await this.book.take(tx, account, amount);
      const [id, { reason }] = [newUuid(now.getTime()), wish];
      const portions = taken.map(negative);
      const debited = await this.book.post(tx, account, { cause: 'debit', causeId: id, portions, reason }, now);
      return debitView(debited, { id, amount, reason, createdAt: now });
    });
  }

  /**
   * Holds credits for work that may fail, oldest expiry first. They can be committed until the reservation expires,
   * even if their pack expires or is refunded meanwhile.
   * @param wish `holdMs` 1 to RESERVATION_MAX_MS milliseconds
   * @throws InvalidCreditAmount, NotFound (buyer), InsufficientCredits, IdempotencyMismatch
   */
  reserve(
    tx: TenantTx,
    { holdMs = RESERVATION_DEFAULT_MS, ...wish }: CreditWish & { readonly holdMs?: number | undefined },
    key: string,
    now: Date,
  ): Promise<ReservationView> {
    const amount = creditAmount(wish.amount);
    if (!(holdMs >= 1 && holdMs <= RESERVATION_MAX_MS)) throw new RangeError(`a reservation cannot hold ${holdMs} ms`);
    return this.requests.once(tx, key, { operation: 'reserve', ...factsOf(wish), holdMs }, async () => {
      const account = await this.forSpending(tx, wish, now);
      const taken = await this.book.take(tx, account, amount);
      const reservation: CreditReservationRow = {
        tenantId: tx.tenantId,
        id: newUuid(now.getTime()),
        accountId: account.id,
        orderId: null,
        amount,
        committed: null,
        state: 'open',
        reason: wish.reason,
        expiresAt: new Date(now.getTime() + holdMs),
        closedAt: null,
        createdAt: now,
      };
      await this.book.hold(tx, account, reservation, taken);
      return reservationView(account, reservation);
    });
  }

  /**
   * Spends all or the first part of the reserved credits and releases the rest. Idempotent.
   * @param amount all if omitted
   * @throws NotFound, ReservationEnded when it was released, has expired, or was committed with another amount,
   * CommitExceedsReservation, InvalidCreditAmount, IdempotencyMismatch, ReservationOfOrder
   */
  commit(
    tx: TenantTx,
    reservationId: string,
    amount: number | undefined,
    key: string,
    now: Date,
  ): Promise<ReservationView> {
    if (amount !== undefined) creditAmount(amount);
    return this.requests.once(tx, key, { operation: 'commit', reservationId, amount }, async () => {
      const { account, reservation } = await this.locked(tx, reservationId, now);
      if (reservation.orderId !== null) throw new ReservationOfOrder();
      const { state } = reservation;
      const spend = amount ?? reservation.committed ?? reservation.amount;
      if (state === 'committed' && spend === reservation.committed) return reservationView(account, reservation);
      if (state !== 'open') throw reservationEnded(state);
      if (spend > reservation.amount) throw new CommitExceedsReservation(reservation.amount);
      const ended = await this.book.end(tx, account, reservation, { state: 'committed', spend }, now);
      return reservationView(account, ended.reservation);
    });
  }

  /**
   * Releases the reserved credits. Idempotent; an expired reservation does not change, because its credits are already
   * back.
   * @throws NotFound, ReservationEnded when it was committed, IdempotencyMismatch, ReservationOfOrder
   */
  release(tx: TenantTx, reservationId: string, key: string, now: Date): Promise<ReservationView> {
    return this.requests.once(tx, key, { operation: 'release', reservationId }, async () => {
      const { account, reservation } = await this.locked(tx, reservationId, now);
      if (reservation.orderId !== null) throw new ReservationOfOrder();
      if (reservation.state === 'committed') throw new ReservationCommitted();
      if (reservation.state !== 'open') return reservationView(account, reservation);
      const ended = await this.book.end(tx, account, reservation, { state: 'released', spend: 0 }, now);
      return reservationView(account, ended.reservation);
    });
  }

  /**
   * Records everything that has expired in an account, and schedules the next check. Idempotent; ignores an unknown
   * account.
   */
  async lapse(tx: TenantTx, accountId: string, now: Date): Promise<void> {
    const account = await this.book.find(tx, { id: accountId }, now);
    if (account !== undefined) await this.book.planLapse(tx, account, now);
  }

  private async forSpending(tx: TenantTx, wish: CreditWish, now: Date): Promise<CreditAccountRow> {
    const account = await this.book.find(tx, { buyerId: wish.buyerId, unit: wish.unit }, now);
    if (account !== undefined) return account;
    await this.reader.needBuyer(tx, wish.buyerId);
    throw new InsufficientCredits(wish.unit, 0, wish.amount);
  }

  /** Locks the account first: it protects all changes of its reservations. */
  private async locked(tx: TenantTx, reservationId: string, now: Date) {
    const where = { tenantId: tx.tenantId, id: reservationId };
    const known = await tx.manager.findOneBy(CreditReservationRow, where);
    const account = known === null ? undefined : await this.book.find(tx, { id: known.accountId }, now);
    if (account === undefined) throw new NotFound('reservation');
    return { account, reservation: await tx.manager.findOneByOrFail(CreditReservationRow, where) };
  }
}

const factsOf = ({ buyerId, unit, amount, reason }: CreditWish) => ({ buyerId, unit, amount, reason });
