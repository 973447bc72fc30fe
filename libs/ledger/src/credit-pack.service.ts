import { Injectable } from '@nestjs/common';
import type { TenantTx } from '#libs/database';
import { DAY, newUuid } from '#libs/kernel';
import type { ClawBack } from './credit.js';
import { CreditBook } from './credit-book.service.js';
import { type CreditAccountRow, CreditLotRow } from './credit.entity.js';
import { clawBackView } from './credit-view.js';
import { CreditReader } from './credit-reader.service.js';

export interface BoughtPack {
  readonly chargeId: string;
  readonly orderId: string;
  readonly botId: string;
  readonly buyerId: number;
  readonly unit: string;
  readonly amount: number;
  /** Validity in days, from now; null if it never expires. */
  readonly days: number | null;
}

/** The sale that is refunded. */
export interface RefundedPack {
  readonly chargeId: string;
  readonly refundId: string;
  readonly botId: string;
  readonly orderId: string | null;
}

export interface PackStanding {
  readonly unit: string;
  readonly amount: number;
  readonly expiresAt: Date | null;
  /** Credits of the unit that the buyer can spend now, from this pack and all others. */
  readonly available: number;
}

/**
 * Manages purchased packs. All methods run in the transaction of the charge or refund, under the caller's locks, and
 * are idempotent. A charge that bought no pack is ignored.
 */
@Injectable()
export class CreditPackService {
  constructor(
    private readonly book: CreditBook,
    private readonly reader: CreditReader,
  ) {}

  /** Adds the pack. Its days start now, not at the payment, so a payment that was found late loses none. */
  async add(
    tx: TenantTx,
    { chargeId, orderId, botId, buyerId, unit, amount, days }: BoughtPack,
    now: Date,
  ): Promise<void> {
    const expiresAt = days === null ? null : new Date(now.getTime() + days * DAY);
    const account = await this.book.open(tx, buyerId, unit, now);
    const sale = { botId, orderId };
    await this.book.addLot(
      tx,
      account,
      { id: newUuid(now.getTime()), cause: 'purchase', amount, expiresAt, chargeId, sale },
      now,
    );
  }

  /**
   * Takes back what is left of a pack: never more, so no balance becomes negative. Reserved credits stay reserved; if
   * they are released, they are taken back then.
   * @returns undefined when the charge bought no pack
   */
  async takeBack(tx: TenantTx, refunded: RefundedPack, now: Date): Promise<ClawBack | undefined> {
    const found = await this.lockPack(tx, refunded.chargeId, now);
    if (found === undefined) return undefined;
    const { account, lot } = found;
    if (lot.refundId !== null) return this.clawBackOf(tx, account.unit, lot.id);

    const left = lot.remaining - lot.reserved;
    const changes = { refundId: refunded.refundId, clawedBack: left };
    await tx.manager.update(CreditLotRow, { tenantId: tx.tenantId, id: lot.id }, changes);
    const posting = postingFor('refund', refunded, [{ lotId: lot.id, amount: -left }]);
    const taken = left === 0 ? account : await this.book.write(tx, account, posting, now);
    const outcome = await this.clawBackOf(tx, account.unit, lot.id);
    await this.book.tell(tx, taken, { ...posting, told: clawBackView(outcome) });
    return outcome;
  }

  /** Returns the credits that were taken for a refund which then failed, unless they have expired meanwhile. */
  async giveBack(tx: TenantTx, refunded: RefundedPack, now: Date): Promise<void> {
    const found = await this.lockPack(tx, refunded.chargeId, now);
    if (found === undefined || found.lot.refundId !== refunded.refundId) return;
    const { account, lot } = found;
    await tx.manager.update(CreditLotRow, { tenantId: tx.tenantId, id: lot.id }, { refundId: null, clawedBack: 0 });
    if (lot.clawedBack === 0) return;
    const portions = [{ lotId: lot.id, amount: lot.clawedBack }];
    const restored = await this.book.post(tx, account, postingFor('refund_failed', refunded, portions), now);
    if (lot.expiredAt === null && (lot.expiresAt === null || lot.expiresAt > now)) {
      await this.book.lapseBy(tx, restored, lot.expiresAt);
      return;
    }
    const gone = [{ lotId: lot.id, amount: -lot.clawedBack }];
    await this.book.post(tx, restored, postingFor('expiry_after_refund', refunded, gone), now);
  }

  /** The pack that a charge bought, for delivery and receipt. */
  async standing(tx: TenantTx, chargeId: string, now: Date): Promise<PackStanding | undefined> {
    const [pack] = await tx.query<Omit<PackStanding, 'available'> & { buyerId: number }>(
      `select a.buyer_id as "buyerId", a.unit, l.amount, l.expires_at as "expiresAt"
       from credit_lots l join credit_accounts a on a.tenant_id = l.tenant_id and a.id = l.account_id
       where l.tenant_id = $1 and l.charge_id = $2`,
      [tx.tenantId, chargeId],
    );
    if (pack === undefined) return undefined;
    const { buyerId, ...rest } = pack;
    const held = (await this.reader.balances(tx, buyerId, now)).find((each) => each.unit === pack.unit);
    return { ...rest, available: held === undefined ? 0 : held.balance - held.reserved };
  }

  private async lockPack(
    tx: TenantTx,
    chargeId: string,
    now: Date,
  ): Promise<{ readonly account: CreditAccountRow; readonly lot: CreditLotRow } | undefined> {
    const known = await tx.manager.findOneBy(CreditLotRow, { tenantId: tx.tenantId, chargeId });
    const account = known === null ? undefined : await this.book.find(tx, { id: known.accountId }, now);
    if (known === null || account === undefined) return undefined;
    // Read again: it may have changed before the lock was acquired, and expiries have been recorded since.
    return { account, lot: await tx.manager.findOneByOrFail(CreditLotRow, { tenantId: tx.tenantId, id: known.id }) };
  }

  private async clawBackOf(tx: TenantTx, unit: string, lotId: string): Promise<ClawBack> {
    const [row] = await tx.query<Omit<ClawBack, 'unit'>>(
      `select l.amount as granted, l.clawed_back as "clawedBack", l.reserved,
         coalesce(-sum(e.amount) filter (where e.cause in ('debit', 'reservation')), 0)::bigint as "alreadySpent",
         coalesce(-sum(e.amount) filter (where e.cause like 'expiry%'), 0)::bigint as expired
       from credit_lots l left join credit_entries e on e.tenant_id = l.tenant_id and e.lot_id = l.id
       where l.tenant_id = $1 and l.id = $2 group by l.amount, l.clawed_back, l.reserved`,
      [tx.tenantId, lotId],
    );
    if (row === undefined) throw new Error('a pack of credits has disappeared');
    return { unit, ...row };
  }
}

const postingFor = (
  cause: 'refund' | 'refund_failed' | 'expiry_after_refund',
  { refundId, botId, orderId }: RefundedPack,
  portions: ReadonlyArray<{ readonly lotId: string; readonly amount: number }>,
) => ({ cause, causeId: refundId, portions, sale: { botId, orderId } });
