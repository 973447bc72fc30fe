import { Inject, Injectable } from '@nestjs/common';
import { Database, type TenantTx } from '#libs/database';
import { type ClaimedJob } from '#libs/journal';
import { type Clock, SECOND } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import {
  isPromised,
  type OpenRefund,
  promiseDelay,
  RefundService,
  StarTransactionReader,
  StarTransactionStore,
} from '#libs/sales';
import { judge, Telegram, TelegramRefused } from '#libs/telegram';
import { BotDirectory, BotService, ErasedBuyers, type OpenBot } from '#libs/tenants';
import { type JobHandler, type JobOutcome, untilToken } from '../jobs/job-handler.js';

/** Maximum number of pages of Telegram's list that one attempt reads; the next one continues there. */
const PAGES = 20;

/**
 * Makes the call that returns Stars. The intent was stored before. When the effect of a call is unknown, because its
 * response was lost or this process died, Telegram's list is read first, and the call is repeated only when the list
 * does not show the refund. As a last safeguard, Telegram refuses to refund a charge twice (Bot API,
 * CHARGE_ALREADY_REFUNDED).
 */
@Injectable()
export class RefundExecuteHandler implements JobHandler {
  readonly kind = 'refund.execute';

  constructor(
    private readonly db: Database,
    private readonly refunds: RefundService,
    private readonly reader: StarTransactionReader,
    private readonly stars: StarTransactionStore,
    private readonly directory: BotDirectory,
    private readonly bots: BotService,
    private readonly erased: ErasedBuyers,
    private readonly telegram: Telegram,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async run(job: ClaimedJob): Promise<JobOutcome> {
    const open = await this.db.inTenant(job.tenantId, (tx) => this.refunds.pick(tx, job.subject, this.clock.now()));
    if (open === undefined) return { kind: 'done' };
    const bot = await this.directory.open(job.tenantId, open.charge.botId);
    if (bot === undefined || bot.state === 'token_invalid') return this.withoutToken(job);
    try {
      return (
        (open.refund.state === 'unknown' && (await this.lookUp(job, open, bot))) || (await this.call(job, open, bot))
      );
    } catch (error) {
      return this.afterError(job, bot, error);
    }
  }

  /** Leaves the refund open after weeks in which Telegram was unreachable. The creator and staff have been told. */
  giveUp(tx: TenantTx, job: ClaimedJob, error: string): Promise<void> {
    return this.refunds.postpone(tx, job.subject, 'requested', error, this.clock.now());
  }

  /** @returns undefined when Telegram's whole list does not show the refund */
  private async lookUp(job: ClaimedJob, { charge }: OpenRefund, bot: OpenBot): Promise<JobOutcome | undefined> {
    const atEnd = await this.reader.catchUp(bot, PAGES);
    const listed = await this.db.inTenant(job.tenantId, (tx) =>
      this.stars.isRefundListed(tx, charge.botId, charge.telegramChargeId),
    );
    if (listed) return this.succeeded(job);
    return atEnd ? undefined : { kind: 'wait', error: "more of Telegram's list has to be read", afterMs: SECOND };
  }

  private async call(job: ClaimedJob, open: OpenRefund, bot: OpenBot): Promise<JobOutcome> {
    const { buyerId, telegramChargeId } = open.charge;
    const person =
      buyerId > 0 ? buyerId : await this.db.inTenant(job.tenantId, (tx) => this.erased.whoWas(tx, buyerId));
    const begun = await this.db.inTenant(job.tenantId, (tx) => this.refunds.begin(tx, job.subject, this.clock.now()));
    // Another worker has concluded it or is working on it; the next attempt will find out.
    if (!begun) return { kind: 'retry', error: 'the refund has changed meanwhile' };
    if (person === undefined)
      return this.failed(job, "This buyer's identity has been deleted, so no refund is possible.");
    try {
      await this.telegram.api(bot.token).refundStarPayment(person, telegramChargeId);
    } catch (error) {
      return this.refused(job, open, bot, error);
    }
    return this.succeeded(job);
  }

  private async refused(job: ClaimedJob, { refund }: OpenRefund, bot: OpenBot, error: unknown): Promise<JobOutcome> {
    if (error instanceof TelegramRefused && /CHARGE_ALREADY_REFUNDED/i.test(error.description))
      return this.succeeded(job);
    const why = messageOf(error);
    const verdict = judge(error);
    if (verdict.kind === 'unreachable' || verdict.kind === 'refused') {
      if (!isPromised(refund)) return this.failed(job, why);
      await this.postpone(job, 'refused', why);
      return { kind: 'wait', error: why, afterMs: promiseDelay(refund, this.clock.now()) };
    }
    await this.postpone(job, verdict.kind === 'unknown' ? 'unknown' : 'requested', why);
    return this.afterError(job, bot, error);
  }

  /** Decides how to continue after a missing or inconclusive response. */
  private async afterError(job: ClaimedJob, bot: OpenBot, error: unknown): Promise<JobOutcome> {
    const why = messageOf(error);
    const verdict = judge(error);
    switch (verdict.kind) {
      case 'retry':
        return { kind: 'wait', error: why, afterMs: verdict.afterMs };
      case 'token_invalid':
        await this.db.inTenant(job.tenantId, (tx) => this.bots.markTokenInvalid(tx, bot.botId, bot.token));
        return untilToken(why);
      case 'unknown':
      case 'unreachable':
      case 'refused':
        return { kind: 'retry', error: why };
    }
  }

  private async withoutToken(job: ClaimedJob): Promise<JobOutcome> {
    const why = 'the bot has no working token';
    await this.postpone(job, 'requested', why);
    return untilToken(why);
  }

  private async postpone(job: ClaimedJob, what: 'requested' | 'unknown' | 'refused', why: string): Promise<void> {
    await this.db.confirm(job.tenantId, (tx) => this.refunds.postpone(tx, job.subject, what, why, this.clock.now()));
  }

  private failed(job: ClaimedJob, why: string): JobOutcome {
    return {
      kind: 'done',
      effect: (tx) => this.refunds.fail(tx, job.subject, why, this.clock.now()),
    };
  }

  private succeeded(job: ClaimedJob): JobOutcome {
    return { kind: 'done', effect: (tx) => this.refunds.succeed(tx, job.subject, this.clock.now()) };
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
