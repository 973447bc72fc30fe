import { Inject, Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import type { ClaimedJob } from '#libs/journal';
import { type Clock, MINUTE } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { type SubscriptionEdit, SubscriptionService } from '#libs/sales';
import { judge, Telegram } from '#libs/telegram';
import { BotDirectory, BotService, type OpenBot } from '#libs/tenants';
import { type JobHandler, type JobOutcome, untilToken } from '../jobs/job-handler.js';

/** Milliseconds until the next check when the call is impossible now. */
const LATER_MS = 10 * MINUTE;

/**
 * Asks Telegram to stop the renewal of a subscription, or to let the buyer enable it again. The intent was stored
 * before, and a repeated call changes nothing (Bot API, editUserStarSubscription), so after a lost response the call is
 * simply repeated.
 */
@Injectable()
export class SubscriptionEditHandler implements JobHandler {
  readonly kind = 'subscription.edit';

  constructor(
    private readonly db: Database,
    private readonly subscriptions: SubscriptionService,
    private readonly directory: BotDirectory,
    private readonly bots: BotService,
    private readonly telegram: Telegram,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async run(job: ClaimedJob): Promise<JobOutcome> {
    const edit = await this.db.inTenant(job.tenantId, (tx) => this.subscriptions.edit(tx, job.subject));
    if (edit === undefined) return { kind: 'done' };
    if (edit === 'unnamed') return wait('the first payment, which identifies the subscription, is not known yet');
    const bot = await this.directory.open(job.tenantId, edit.botId);
    if (bot === undefined) return this.failed(job, edit, 'The bot was removed.');
    if (bot.state === 'token_invalid') return untilToken();
    return this.call(job, edit, bot);
  }

  private async call(job: ClaimedJob, edit: SubscriptionEdit, bot: OpenBot): Promise<JobOutcome> {
    const { wish, buyerId, firstChargeId } = edit;
    try {
      await this.telegram.api(bot.token).editUserStarSubscription(buyerId, firstChargeId, wish === 'cancel');
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const verdict = judge(error);
      if (verdict.kind === 'refused' || verdict.kind === 'unreachable') return this.failed(job, edit, why);
      if (verdict.kind === 'retry') return { kind: 'wait', error: why, afterMs: verdict.afterMs };
      if (verdict.kind === 'unknown') return { kind: 'retry', error: why };
      await this.db.inTenant(job.tenantId, (tx) => this.bots.markTokenInvalid(tx, bot.botId, bot.token));
      return untilToken(why);
    }
    const now = this.clock.now();
    return {
      kind: 'done',
      effect: (tx) => this.subscriptions.edited(tx, job.subject, wish, now),
    };
  }

  private failed(job: ClaimedJob, { wish }: SubscriptionEdit, why: string): JobOutcome {
    const now = this.clock.now();
    return {
      kind: 'done',
      effect: (tx) => this.subscriptions.editFailed(tx, job.subject, wish, why, now),
    };
  }
}

const wait = (error: string): JobOutcome => ({ kind: 'wait', error, afterMs: LATER_MS });
