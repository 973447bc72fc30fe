import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { AlertService } from '#libs/delivery';
import type { ClaimedJob } from '#libs/journal';
import { MINUTE } from '#libs/kernel';
import { judge, Telegram } from '#libs/telegram';
import { BotDirectory, CAN, WAITS_FOR_LIFTING } from '#libs/tenants';
import type { JobHandler, JobOutcome } from './job-handler.js';

/** A bot without a working token gets another look this much later. */
const WITHOUT_TOKEN_MS = 10 * MINUTE;

/** Warns a creator in Telegram. */
@Injectable()
export class AlertSendHandler implements JobHandler {
  readonly kind = 'alert.send';

  constructor(
    private readonly db: Database,
    private readonly alerts: AlertService,
    private readonly directory: BotDirectory,
    private readonly telegram: Telegram,
  ) {}

  async run(job: ClaimedJob): Promise<JobOutcome> {
    const alert = await this.db.inTenant(job.tenantId, (tx) => this.alerts.about(tx, job.subject));
    const bot = alert && (await this.directory.open(job.tenantId, alert.botId));
    if (alert === undefined || bot === undefined) return { kind: 'done' };
    if (!CAN[bot.tenantState].message) return wait(WAITS_FOR_LIFTING);
    if (bot.state === 'token_invalid') return wait('the bot has no working token');
    try {
      await this.telegram.api(bot.token).sendMessage(alert.telegramId, alert.text);
      return { kind: 'done' };
    } catch (error) {
      const verdict = judge(error);
      if (verdict.kind === 'token_invalid') return wait(String(error));
      if (verdict.kind === 'retry') return { kind: 'retry', error: String(error), afterMs: verdict.afterMs };
      // A creator who is warned twice is better off than one who is never warned.
      return verdict.kind === 'unknown' ? { kind: 'retry', error: String(error) } : { kind: 'done' };
    }
  }
}

const wait = (error: string): JobOutcome => ({ kind: 'wait', error, afterMs: WITHOUT_TOKEN_MS });
