import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { AlertService } from '#libs/delivery';
import type { ClaimedJob } from '#libs/journal';
import { BotVoice } from './bot-voice.js';
import type { JobHandler, JobOutcome } from './job-handler.js';

/** Warns a creator in Telegram. */
@Injectable()
export class AlertSendHandler implements JobHandler {
  readonly kind = 'alert.send';

  constructor(
    private readonly db: Database,
    private readonly alerts: AlertService,
    private readonly voice: BotVoice,
  ) {}

  async run(job: ClaimedJob): Promise<JobOutcome> {
    const alert = await this.db.inTenant(job.tenantId, (tx) => this.alerts.about(tx, job.subject));
    if (alert === undefined) return { kind: 'done' };
    return this.voice.say(job, { botId: alert.botId, to: alert.telegramId, text: () => alert.text });
  }
}
