import { Inject, Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import type { ClaimedJob } from '#libs/journal';
import { type Clock, MINUTE } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { type OpenRefund, RefundService } from '#libs/sales';
import { judge, Telegram, TelegramRefused } from '#libs/telegram';
import { BotDirectory, BotService } from '#libs/tenants';
import type { JobHandler, JobOutcome } from '../jobs/job-handler.js';

/** A bot without a working token gets another look this much later. */
const WITHOUT_TOKEN_MS = 10 * MINUTE;

/**
 * Makes the call that gives Stars back. The intent was stored before; a crash at any line runs into the same end, because
 * Telegram itself says when a charge is refunded already (Bot API, refundStarPayment: CHARGE_ALREADY_REFUNDED).
 */
@Injectable()
export class RefundExecuteHandler implements JobHandler {
  readonly kind = 'refund.execute';

  constructor(
    private readonly db: Database,
    private readonly refunds: RefundService,
    private readonly directory: BotDirectory,
    private readonly bots: BotService,
    private readonly telegram: Telegram,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async run(job: ClaimedJob): Promise<JobOutcome> {
    const open = await this.db.inTenant(job.tenantId, (tx) => this.refunds.begin(tx, job.subject, this.clock.now()));
    if (open === undefined) return { kind: 'done' };
    const bot = await this.directory.open(job.tenantId, open.charge.botId);
    if (bot === undefined) return this.later(job, 'the bot has no working token', WITHOUT_TOKEN_MS);
    try {
      await this.telegram.api(bot.token).refundStarPayment(open.charge.buyerId, open.charge.telegramChargeId);
    } catch (error) {
      return this.refused(job, open, bot.token, error);
    }
    return this.succeeded(job);
  }

  private succeeded(job: ClaimedJob): JobOutcome {
    return { kind: 'done', effect: (tx) => this.refunds.succeed(tx, job.subject, this.clock.now()), rings: ['relay'] };
  }

  private async refused(job: ClaimedJob, open: OpenRefund, token: string, error: unknown): Promise<JobOutcome> {
    if (error instanceof TelegramRefused && /CHARGE_ALREADY_REFUNDED/i.test(error.description))
      return this.succeeded(job);
    const verdict = judge(error);
    const why = error instanceof Error ? error.message : String(error);
    switch (verdict.kind) {
      case 'retry':
        return {
          kind: 'retry',
          error: why,
          afterMs: verdict.afterMs,
          effect: (tx) => this.refunds.postpone(tx, job.subject, 'requested', why, this.clock.now()),
        };
      case 'unknown':
        return {
          kind: 'retry',
          error: why,
          effect: (tx) => this.refunds.postpone(tx, job.subject, 'unknown', why, this.clock.now()),
        };
      case 'token_invalid':
        await this.db.inTenant(job.tenantId, (tx) => this.bots.markTokenInvalid(tx, open.charge.botId, token));
        return this.later(job, why, WITHOUT_TOKEN_MS);
      case 'unreachable':
      case 'refused':
        return {
          kind: 'done',
          effect: (tx) => this.refunds.fail(tx, job.subject, why, this.clock.now()),
          rings: ['relay'],
        };
    }
  }

  private async later(job: ClaimedJob, why: string, afterMs: number): Promise<JobOutcome> {
    const now = this.clock.now();
    await this.db.inTenant(job.tenantId, (tx) => this.refunds.postpone(tx, job.subject, 'requested', why, now));
    return { kind: 'wait', error: why, afterMs };
  }
}
