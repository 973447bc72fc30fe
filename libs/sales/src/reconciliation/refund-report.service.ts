import { Injectable } from '@nestjs/common';
import type { TenantTx } from '#libs/database';
import type { Payment } from '../charges/payment.js';
import { PaymentService } from '../checkout/payment.service.js';
import type { RefundReported } from '../refunds/refund.js';
import { RefundService } from '../refunds/refund.service.js';

/** Telegram's message about a refund (Bot API, RefundedPayment), which contains all the facts of the payment itself. */
@Injectable()
export class RefundReportService {
  constructor(
    private readonly payments: PaymentService,
    private readonly refunds: RefundService,
  ) {}

  /** Records the refund of a known charge. @returns true if the charge is known */
  async recordKnown(tx: TenantTx, botId: string, telegramChargeId: string, now: Date): Promise<boolean> {
    return (await this.refunds.recordFromTelegram(tx, botId, telegramChargeId, now)) !== 'no_such_charge';
  }

  /**
   * Records the refund, and first the payment if its own message was lost or has not arrived yet: the chat's updates
   * are handled one after another, so waiting for that message would block it. Idempotent, and independent of the order
   * with the payment's message.
   */
  async record(tx: TenantTx, payment: Payment, now: Date): Promise<Exclude<RefundReported, 'no_such_charge'>> {
    const report = () => this.refunds.recordFromTelegram(tx, payment.botId, payment.telegramChargeId, now);
    const first = await report();
    if (first !== 'no_such_charge') return first;
    await this.payments.record(tx, payment, now);
    const second = await report();
    if (second === 'no_such_charge') throw new Error('a charge that was just recorded is not there');
    return second;
  }
}
