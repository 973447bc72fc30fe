import { Inject, Injectable } from '@nestjs/common';
import { type Composer } from 'grammy';
import type { Message, SuccessfulPayment, Update } from 'grammy/types';
import { Doorbell } from '#libs/journal';
import { type Clock, stars } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { BuyerService, type Payment, PaymentService, type Recorded, RefundReportService } from '#libs/sales';
import type { TextKey } from '#libs/texts';
import { Comebacks } from './comebacks.js';
import { type ChatScope, Hopeless, type ShopContext } from './scope.js';

/** What the buyer reads when a payment did not pay an order. */
const EXPLANATIONS = {
  duplicate: 'payment.twice',
  undeliverable: 'payment.too_late',
  mismatch: 'payment.unknown',
  unmatched: 'payment.unknown',
} as const satisfies Readonly<Partial<Record<Recorded['outcome'], TextKey>>>;

/** Telegram's reports about money. */
@Injectable()
export class PaymentHandlers {
  constructor(
    private readonly payments: PaymentService,
    private readonly refunds: RefundReportService,
    private readonly buyers: BuyerService,
    private readonly comebacks: Comebacks,
    private readonly doorbell: Doorbell,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  register(bot: Composer<ShopContext>): void {
    bot.on('message:successful_payment', async (ctx) => {
      const outcome = await this.recordPayment(ctx.scope, ctx.message);
      if (isExplained(outcome)) await ctx.reply(ctx.words.say(EXPLANATIONS[outcome]));
    });

    bot.on('message:refunded_payment', (ctx) => this.recordRefund(ctx.scope, ctx.message));

    bot.chatType('private').on('my_chat_member', async (ctx) => {
      const { botId } = ctx.scope.bot;
      if (ctx.myChatMember.new_chat_member.status !== 'kicked') return this.comebacks.remember(ctx.scope, ctx.from);
      await ctx.scope.inTenant((tx) => this.buyers.markUnreachable(tx, botId, ctx.chat.id));
    });
  }

  /** For a bot that was removed before its updates were worked on: nobody can be answered, but money goes on the books. */
  async withoutBot(scope: Books): Promise<void> {
    const { message } = scope.update.body as Pick<Update, 'message'>;
    if (has(message, 'successful_payment')) await this.recordPayment(scope, message);
    if (has(message, 'refunded_payment')) await this.recordRefund(scope, message);
  }

  private async recordPayment(scope: Books, message: With<'successful_payment'>): Promise<Recorded['outcome']> {
    const { successful_payment: paid } = message;
    const recorded = await scope.settle(async (tx) => {
      const result = await this.payments.record(
        tx,
        { ...paymentOf(scope.update.botId, message, paid), recurring: recurringOf(paid), person: message.from },
        this.clock.now(),
      );
      return { result, orderId: 'orderId' in result ? result.orderId : undefined };
    });
    this.doorbell.ring('relay');
    if (isExplained(recorded.outcome)) this.doorbell.ring('refunds');
    return recorded.outcome;
  }

  private async recordRefund(scope: Books, message: With<'refunded_payment'>): Promise<void> {
    const payment = paymentOf(scope.update.botId, message, message.refunded_payment);
    await scope.settle(async (tx) => ({ result: await this.refunds.record(tx, payment, this.clock.now()) }));
    this.doorbell.ring('relay');
  }
}

const isExplained = (outcome: Recorded['outcome']): outcome is keyof typeof EXPLANATIONS => outcome in EXPLANATIONS;

type Books = Pick<ChatScope, 'update' | 'settle'>;
type Money = 'successful_payment' | 'refunded_payment';
type With<Kind extends Money> = Message & Required<Pick<Message, Kind>>;

const has = <Kind extends Money>(message: Message | undefined, kind: Kind): message is With<Kind> =>
  message?.[kind] !== undefined;

/** Bot API, SuccessfulPayment: every payment of a subscription says that it recurs and until when it is paid. */
function recurringOf(paid: SuccessfulPayment): Payment['recurring'] {
  const { is_recurring: recurs, is_first_recurring: first = false, subscription_expiration_date: until } = paid;
  return recurs === true && until !== undefined ? { until: new Date(until * 1_000), first } : undefined;
}

/** The payer is the chat: a refund's message is from the bot (Bot API server, outgoing service message). */
function paymentOf(botId: string, message: Message, paid: With<Money>[Money]): Payment {
  // Telegram always names a chat; what is stored may have come without one, and money of nobody cannot be booked.
  const { chat } = message as Partial<Pick<Message, 'chat'>>;
  if (chat === undefined) throw new Hopeless('a report about money without a chat: it does not say whose money it is');
  if (paid.currency !== 'XTR') throw new Hopeless(`a payment in ${paid.currency}: only Stars are sold for here`);
  return {
    botId,
    buyerId: chat.id,
    stars: stars(paid.total_amount),
    payload: paid.invoice_payload,
    telegramChargeId: paid.telegram_payment_charge_id,
    providerChargeId: paid.provider_payment_charge_id ?? null,
    occurredAt: new Date(message.date * 1_000),
    source: 'update',
  };
}
