import { Inject, Injectable } from '@nestjs/common';
import { type Composer } from 'grammy';
import type { Message, Update } from 'grammy/types';
import type { TenantTx } from '#libs/database';
import type { Clock } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import {
  BuyerService,
  PaymentService,
  type Recorded,
  RefundReportService,
  type StrayKind,
  type StrayPayment,
  StrayPayments,
} from '#libs/sales';
import type { TextKey } from '#libs/texts';
import { JobRunner } from '../jobs/job-runner.js';
import { Comebacks } from './comebacks.js';
import { readReport, recurringOf } from './payment-report.js';
import { type ChatScope, PermanentFailure, type ShopContext } from './scope.js';

/** Messages to the buyer about a payment that did not pay an order. */
const EXPLANATIONS = {
  duplicate: 'payment.twice',
  undeliverable: 'payment.too_late',
  mismatch: 'payment.unknown',
  unmatched: 'payment.unknown',
} as const satisfies Readonly<Partial<Record<Recorded['outcome'], TextKey>>>;

/** Telegram's reports of payments and refunds. */
@Injectable()
export class PaymentHandlers {
  constructor(
    private readonly payments: PaymentService,
    private readonly refunds: RefundReportService,
    private readonly strays: StrayPayments,
    private readonly buyers: BuyerService,
    private readonly comebacks: Comebacks,
    private readonly runner: JobRunner,
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

  /**
   * Handles the update of a bot that was removed in the meantime: no one can be answered, but the money is recorded.
   */
  async withoutBot(scope: Books): Promise<void> {
    const { message } = scope.update.body as Pick<Update, 'message'>;
    if (has(message, 'successful_payment')) await this.recordPayment(scope, message);
    if (has(message, 'refunded_payment')) await this.recordRefund(scope, message);
  }

  private async recordPayment(
    scope: Books,
    message: With<'successful_payment'>,
  ): Promise<Recorded['outcome'] | undefined> {
    const { successful_payment: paid } = message;
    const report = readReport(ofUpdate(scope, 'successful_payment'), message, paid);
    if ('stray' in report) return this.setAside(scope, report.stray);
    const deliversItself = this.runner.hasRoom('order.deliver', scope.update.tenantId);
    const recorded = await scope.settle(async (tx, mark) => {
      const payment = { ...report.payment, recurring: recurringOf(paid), person: message.from };
      const result = await this.payments.record(tx, payment, this.clock.now(), { deliversItself, besides: mark });
      return { result, orderId: 'orderId' in result ? result.orderId : undefined };
    });
    // Starts in the same turn, concurrently with this chat's next message.
    const delivery = 'delivery' in recorded ? recorded.delivery : undefined;
    if (delivery !== undefined) this.runner.begin(delivery.job, delivery.first);
    return recorded.outcome;
  }

  /** Records a refund. If its charge is recorded, that determines the payer and the amount. */
  private async recordRefund(scope: Books, message: With<'refunded_payment'>): Promise<void> {
    const report = readReport(ofUpdate(scope, 'refunded_payment'), message, message.refunded_payment);
    const now = this.clock.now();
    if ('payment' in report) {
      await scope.settle(async (tx) => ({ result: await this.refunds.record(tx, report.payment, now) }));
    } else {
      const { botId, telegramChargeId: id } = report.stray;
      const isKnown = id !== null && (await scope.inTenant((tx) => this.refunds.recordKnown(tx, botId, id, now)));
      if (!isKnown) return this.setAside(scope, report.stray);
    }
  }

  /**
   * Stores a report that cannot be recorded in the books, and tells the creator. Other currencies are not an error; any
   * other report is parked at once, so that staff see it and the buyer's next payment does not wait behind it.
   */
  private async setAside(scope: Books, stray: StrayPayment): Promise<undefined> {
    const record = (tx: TenantTx) => this.strays.record(tx, stray, this.clock.now());
    if (stray.reason === 'currency') await scope.settle(async (tx) => ({ result: await record(tx) }));
    else await scope.inTenant(record);
    if (stray.reason !== 'currency')
      throw new PermanentFailure(`an impossible report of a payment or refund: ${stray.reason}`);
    return undefined;
  }
}

const ofUpdate = ({ update: { botId, updateId } }: Books, kind: StrayKind) => ({ botId, updateId, kind });

const isExplained = (outcome: Recorded['outcome'] | undefined): outcome is keyof typeof EXPLANATIONS =>
  outcome !== undefined && outcome in EXPLANATIONS;

type Books = Pick<ChatScope, 'update' | 'settle' | 'inTenant'>;
type Money = 'successful_payment' | 'refunded_payment';
type With<Kind extends Money> = Message & Required<Pick<Message, Kind>>;

const has = <Kind extends Money>(message: Message | undefined, kind: Kind): message is With<Kind> =>
  message?.[kind] !== undefined;
