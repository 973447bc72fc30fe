import { Inject, Injectable } from '@nestjs/common';
import { type Composer } from 'grammy';
import { Doorbell } from '#libs/journal';
import { type Clock, stars } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { BuyerService, type Payment, PaymentService, RefundService } from '#libs/sales';
import { Hopeless, type ShopContext } from './scope.js';
import { TEXTS } from './texts.js';

/** Telegram's reports about money. */
@Injectable()
export class PaymentHandlers {
  constructor(
    private readonly payments: PaymentService,
    private readonly refunds: RefundService,
    private readonly buyers: BuyerService,
    private readonly doorbell: Doorbell,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  register(bot: Composer<ShopContext>): void {
    bot.on('message:successful_payment', async (ctx) => {
      const recorded = await ctx.scope.settle(async (tx) => {
        const result = await this.payments.record(tx, paymentOf(ctx.scope.bot.botId, ctx.message), this.clock.now());
        return { result, orderId: 'orderId' in result ? result.orderId : undefined };
      });
      this.doorbell.ring('relay');
      if (recorded.outcome === 'duplicate') this.doorbell.ring('refunds');
      if (recorded.outcome === 'unmatched' || recorded.outcome === 'mismatch') await ctx.reply(TEXTS.held);
    });

    bot.on('message:refunded_payment', async (ctx) => {
      const { telegram_payment_charge_id: chargeId } = ctx.message.refunded_payment;
      await ctx.scope.settle(async (tx) => {
        const known = await this.refunds.recordFromTelegram(tx, ctx.scope.bot.botId, chargeId, this.clock.now());
        if (!known) throw new Error('a refund came before the charge that it is about');
        return { result: undefined };
      });
      this.doorbell.ring('relay');
    });

    bot.on('my_chat_member', async (ctx) => {
      if (ctx.chat.type !== 'private') return;
      const blocked = ctx.myChatMember.new_chat_member.status === 'kicked';
      await ctx.scope.inTenant(async (tx) => {
        if (blocked) await this.buyers.markUnreachable(tx, ctx.scope.bot.botId, ctx.chat.id);
      });
    });
  }
}

type PaidMessage = ShopContext['message'] & {
  successful_payment: NonNullable<NonNullable<ShopContext['message']>['successful_payment']>;
};

function paymentOf(botId: string, message: PaidMessage): Payment {
  const paid = message.successful_payment;
  if (paid.currency !== 'XTR') throw new Hopeless(`a payment in ${paid.currency}: only Stars are sold for here`);
  return {
    botId,
    buyerId: message.chat.id,
    stars: stars(paid.total_amount),
    payload: paid.invoice_payload,
    telegramChargeId: paid.telegram_payment_charge_id,
    providerChargeId: paid.provider_payment_charge_id ?? null,
    occurredAt: new Date(message.date * 1_000),
    source: 'update',
  };
}
