import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import type { ClaimedJob } from '#libs/journal';
import { ChargeList } from '#libs/sales';
import { judge, Telegram } from '#libs/telegram';
import { BotDirectory, BotService } from '#libs/tenants';
import { type JobHandler, type JobOutcome, untilToken } from '../jobs/job-handler.js';

/** Stops the renewal of a surplus subscription: a second one to the same product, whose payment is returned. */
@Injectable()
export class SubscriptionStopHandler implements JobHandler {
  readonly kind = 'subscription.stop';

  constructor(
    private readonly db: Database,
    private readonly charges: ChargeList,
    private readonly directory: BotDirectory,
    private readonly bots: BotService,
    private readonly telegram: Telegram,
  ) {}

  async run(job: ClaimedJob): Promise<JobOutcome> {
    const charge = await this.db.inTenant(job.tenantId, (tx) => this.charges.get(tx, job.subject));
    const bot = await this.directory.open(job.tenantId, charge.botId);
    if (bot === undefined) return { kind: 'done' };
    if (bot.state === 'token_invalid') return untilToken();
    try {
      await this.telegram.api(bot.token).editUserStarSubscription(charge.buyerId, charge.telegramChargeId, true);
      return { kind: 'done' };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const verdict = judge(error);
      if (verdict.kind === 'retry') return { kind: 'wait', error: why, afterMs: verdict.afterMs };
      if (verdict.kind === 'token_invalid') {
        await this.db.inTenant(job.tenantId, (tx) => this.bots.markTokenInvalid(tx, bot.botId, bot.token));
        return untilToken(why);
      }
      // Refused: eventually parked, so that staff see that a buyer may be charged again.
      return { kind: 'retry', error: why };
    }
  }
}
