import { Injectable } from '@nestjs/common';
import type { TenantTx } from '#libs/database';
import { newUuid } from '#libs/kernel';
import { CreditBook } from './credit-book.service.js';
import { CreditReader } from './credit-reader.service.js';
import { InsufficientCredits } from './credit-refusals.js';
import { CreditReservationRow } from './credit.entity.js';

/** A price in credits of one unit, 1 to MAX_CREDITS. */
export interface CreditPrice {
  readonly unit: string;
  readonly amount: number;
}

/** An order that is paid with credits. */
export interface CreditOrder {
  readonly id: string;
  readonly botId: string;
  readonly buyerId: number;
}

/** The price of an order, and the credits of the unit that its buyer can spend now. */
export interface PaidCredits extends CreditPrice {
  readonly available: number;
}

/**
 * Credits that pay for an order. They are held from its placement and settled at its end: spent or released, whichever
 * comes first. All methods are idempotent. The caller holds the order's lock.
 */
@Injectable()
export class OrderCredits {
  constructor(
    private readonly book: CreditBook,
    private readonly reader: CreditReader,
  ) {}

  /**
   * Holds an order's price until it ends, oldest expiry first.
   * @param reason for the history.
   * @throws InsufficientCredits
   */
  async hold(tx: TenantTx, order: CreditOrder, price: CreditPrice, reason: string, now: Date): Promise<void> {
    const { unit, amount } = price;
    const account = await this.book.find(tx, { buyerId: order.buyerId, unit }, now);
    if (account === undefined) throw new InsufficientCredits(unit, 0, amount);
    const taken = await this.book.take(tx, account, amount);
    const reservation: CreditReservationRow = {
      tenantId: tx.tenantId,
      id: newUuid(now.getTime()),
      accountId: account.id,
      orderId: order.id,
      amount,
      committed: null,
      state: 'open',
      reason,
      expiresAt: null,
      closedAt: null,
      createdAt: now,
    };
    await this.book.hold(tx, account, reservation, taken);
  }

  /** Spends the credits when the order is delivered. */
  async spend(tx: TenantTx, order: CreditOrder, now: Date): Promise<void> {
    await this.end(tx, order, 'committed', now);
  }

  /**
   * Releases the credits when the order fails.
   * @returns false when they were already spent, so that nothing is returned
   */
  async letGo(tx: TenantTx, order: CreditOrder, now: Date): Promise<boolean> {
    return (await this.end(tx, order, 'released', now)) === 'released';
  }

  /** @returns undefined when no credits paid for the order */
  async standing(tx: TenantTx, { id, buyerId }: Pick<CreditOrder, 'id' | 'buyerId'>, now: Date) {
    const [paid] = await tx.query<CreditPrice>(
      `select a.unit, r.amount from credit_reservations r
       join credit_accounts a on a.tenant_id = r.tenant_id and a.id = r.account_id where r.tenant_id = $1 and r.order_id = $2`,
      [tx.tenantId, id],
    );
    if (paid === undefined) return undefined;
    const held = (await this.reader.balances(tx, buyerId, now)).find(({ unit }) => unit === paid.unit);
    const available = held === undefined ? 0 : held.balance - held.reserved;
    return { ...paid, available } satisfies PaidCredits;
  }

  /** @returns the reservation's end, now or earlier; undefined if the order has none */
  private async end(tx: TenantTx, order: CreditOrder, state: 'committed' | 'released', now: Date) {
    const where = { tenantId: tx.tenantId, orderId: order.id };
    const known = await tx.manager.findOneBy(CreditReservationRow, where);
    const account = known === null ? undefined : await this.book.find(tx, { id: known.accountId }, now);
    if (account === undefined) return undefined;
    const reservation = await tx.manager.findOneByOrFail(CreditReservationRow, where);
    if (reservation.state !== 'open') return reservation.state;
    const spend = state === 'committed' ? reservation.amount : 0;
    const sale = { botId: order.botId, orderId: order.id };
    await this.book.end(tx, account, reservation, { state, spend, sale }, now);
    return state;
  }
}
