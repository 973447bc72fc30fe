import { Inject, Injectable } from '@nestjs/common';
import { Database, type TenantTx } from '#libs/database';
import { type HandoverOutcome, HandoverService } from '#libs/delivery';
import type { ClaimedJob } from '#libs/journal';
import type { Clock } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import {
  BuyerService,
  type DeliveryFacts,
  type FirstDelivery,
  type HandoverResult,
  type OrderRow,
  OrderService,
} from '#libs/sales';
import { BotDirectory, BotService, CAN, type OpenBot } from '#libs/tenants';
import { type Done, type JobHandler, type JobOutcome, UNTIL_LIFTED, untilToken } from './job-handler.js';

/** Attempts after which a buyer without goods gets the receipt first: some seconds after the payment. */
const PATIENT_TRIES = 2;

/**
 * Delivers a paid order. It stays `waiting` until the buyer has the goods or never will. The receipt follows the goods,
 * or precedes them when they are not available at once.
 */
@Injectable()
export class OrderDeliverHandler implements JobHandler {
  readonly kind = 'order.deliver';

  constructor(
    private readonly db: Database,
    private readonly orders: OrderService,
    private readonly buyers: BuyerService,
    private readonly directory: BotDirectory,
    private readonly bots: BotService,
    private readonly handover: HandoverService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async run(job: ClaimedJob, first?: FirstDelivery): Promise<JobOutcome> {
    // Nothing of an order was sent before its payment.
    const [facts, sent] = first === undefined ? await this.read(job) : [first.facts, new Map<number, number>()];
    if (facts === undefined) return this.receiptFirst(job);
    const bot = await this.directory.open(job.tenantId, facts.botId);
    if (bot === undefined) return this.settled(job, { kind: 'failed', error: 'The bot was removed.' });
    if (!CAN[bot.tenantState].deliver) return UNTIL_LIFTED;
    if (bot.state === 'token_invalid') return untilToken();
    return this.handOver(job, bot, facts, sent.get(facts.round), first?.order);
  }

  private read({ tenantId, subject }: ClaimedJob) {
    return this.db.inTenant(tenantId, (tx) =>
      Promise.all([this.orders.deliveryFacts(tx, subject, this.clock.now()), this.handover.sentMessages(tx, subject)]),
    );
  }

  async giveUp(tx: TenantTx, job: ClaimedJob, error: string): Promise<void> {
    const now = this.clock.now();
    const facts = await this.orders.deliveryFacts(tx, job.subject, now);
    if (facts === undefined) return;
    const isSent = (await this.handover.sentMessages(tx, job.subject)).has(facts.round);
    await this.orders.recordHandover(tx, job.subject, isSent ? DELIVERED : { kind: 'failed', error }, now);
  }

  private async handOver(
    job: ClaimedJob,
    bot: OpenBot,
    facts: DeliveryFacts,
    sent: number | undefined,
    paid: OrderRow | undefined,
  ): Promise<JobOutcome> {
    const { outcome, keep } = await this.handover.handOver({ ...facts, tenantId: job.tenantId, bot }, sent);
    // A delivery is recorded together with its consequences.
    if (outcome.kind === 'delivered') {
      const done = paid === undefined ? this.settled(job, DELIVERED, keep) : this.settledAtOnce(paid, keep);
      return { ...done, anyway: keep };
    }
    await this.db.confirm(job.tenantId, keep);
    switch (outcome.kind) {
      case 'failed':
        await this.giveReceipt(job, bot, facts);
        return this.settled(job, outcome);
      case 'unreachable':
        return this.settled(job, outcome, (tx) => this.buyers.markUnreachable(tx, facts.botId, facts.buyerId));
      case 'retry':
        if (outcome.onlyReceipt !== true && job.attempts > PATIENT_TRIES) await this.giveReceipt(job, bot, facts);
        return outcome;
      case 'token_invalid':
        await this.db.inTenant(job.tenantId, (tx) => this.bots.markTokenInvalid(tx, bot.botId, bot.token));
        return untilToken(outcome.error);
    }
  }

  /** Sends the receipt first, because the goods are still being made. */
  private async receiptFirst(job: ClaimedJob): Promise<JobOutcome> {
    const facts = await this.db.inTenant(job.tenantId, (tx) =>
      this.orders.receiptFacts(tx, job.subject, this.clock.now()),
    );
    if (facts === undefined) return { kind: 'done' };
    const bot = await this.directory.open(job.tenantId, facts.botId);
    if (bot === undefined || !CAN[bot.tenantState].deliver || bot.state === 'token_invalid') return { kind: 'done' };
    const sent = await this.giveReceipt(job, bot, facts);
    return sent?.kind === 'retry' ? sent : { kind: 'done' };
  }

  /** Sends the receipt, once per order. Orders paid with credits are excluded: their receipt reports the result. */
  private async giveReceipt(job: ClaimedJob, bot: OpenBot, facts: DeliveryFacts): Promise<HandoverOutcome | undefined> {
    if (facts.receiptAt !== null || facts.round > 1 || facts.paidCredits !== undefined) return undefined;
    const sent = await this.handover.sendReceipt({ ...facts, tenantId: job.tenantId, bot });
    if (sent.kind === 'delivered')
      await this.db.inTenant(job.tenantId, (tx) => this.orders.recordReceipt(tx, job.subject, this.clock.now()));
    return sent;
  }

  /** Records the delivery. Unless the order has changed since its payment, this is one round trip. */
  private settledAtOnce(paid: OrderRow, besides: (tx: TenantTx) => Promise<void>): Done {
    const effect = async (tx: TenantTx) => {
      await Promise.all([this.orders.recordFirstHandover(tx, paid, this.clock.now()), besides(tx)]);
    };
    return { kind: 'done', effect, atOnce: true };
  }

  /** @param besides is sent after the statement that locks the order, in the same round trip */
  private settled(job: ClaimedJob, result: HandoverResult, besides?: (tx: TenantTx) => Promise<void>): Done {
    const effect = async (tx: TenantTx) => {
      await Promise.all([this.orders.recordHandover(tx, job.subject, result, this.clock.now()), besides?.(tx)]);
    };
    return { kind: 'done', effect };
  }
}

const DELIVERED: HandoverResult = { kind: 'delivered' };
