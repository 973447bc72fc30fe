import { Inject, Injectable } from '@nestjs/common';
import { Database, type TenantTx } from '#libs/database';
import { AlertService } from '#libs/delivery';
import type { ClaimedJob } from '#libs/journal';
import type { Clock } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { BotVoice } from './bot-voice.js';
import type { JobHandler, JobOutcome } from './job-handler.js';

/** Sends an alert to a creator in Telegram. */
@Injectable()
export class AlertSendHandler implements JobHandler {
  readonly kind = 'alert.send';

  constructor(
    private readonly db: Database,
    private readonly alerts: AlertService,
    private readonly voice: BotVoice,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async run(job: ClaimedJob): Promise<JobOutcome> {
    const alert = await this.db.inTenant(job.tenantId, (tx) => this.alerts.about(tx, job.subject, this.clock.now()));
    if (alert === undefined) return { kind: 'done' };
    const { botId, telegramId: to, copy, reachable } = alert;
    const missed = (tx: TenantTx) => this.alerts.miss(tx, job.subject);
    if (!reachable) return { kind: 'done', effect: missed };
    const said = await this.voice.say(job, { botId, to, text: () => alert.text, missed });
    if (said.kind === 'done' && said.effect === undefined && copy !== undefined)
      await this.voice.copy(job, { botId, to, ...copy });
    return said;
  }
}
