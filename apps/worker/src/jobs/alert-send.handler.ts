import { Inject, Injectable } from '@nestjs/common';
import { InlineKeyboard } from 'grammy';
import { Database, type TenantTx } from '#libs/database';
import { type Alert, ALERT_WORDS, AlertService } from '#libs/delivery';
import type { ClaimedJob } from '#libs/journal';
import { type Clock, publicId } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { TelegramLinks } from '#libs/tenants';
import { BotVoice } from './bot-voice.js';
import type { JobHandler, JobOutcome } from './job-handler.js';

/** Sends an alert to a creator in Telegram. */
@Injectable()
export class AlertSendHandler implements JobHandler {
  readonly kind = 'alert.send';

  constructor(
    private readonly db: Database,
    private readonly alerts: AlertService,
    private readonly links: TelegramLinks,
    private readonly voice: BotVoice,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async run(job: ClaimedJob): Promise<JobOutcome> {
    const alert = await this.db.inTenant(job.tenantId, (tx) => this.prepare(tx, job.subject));
    if (alert === undefined) return { kind: 'done' };
    const { botId, telegramId: to, copy, reachable } = alert;
    const missed = (tx: TenantTx) => this.alerts.miss(tx, job.subject);
    if (!reachable) return { kind: 'done', effect: missed };
    const said = await this.voice.say(job, {
      botId,
      to,
      text: () => alert.text,
      keyboard: () => keyboardFor(alert),
      missed,
    });
    if (said.kind === 'done' && said.effect === undefined && copy !== undefined)
      await this.voice.copy(job, { botId, to, ...copy });
    return said;
  }

  /** Shows the order as a button to members whose account is linked; it would do nothing for others. */
  private async prepare(tx: TenantTx, eventId: string): Promise<Alert | undefined> {
    const alert = await this.alerts.about(tx, eventId, this.clock.now());
    if (alert?.orderId === undefined) return alert;
    const member = await this.links.memberIn(tx, alert.botId, alert.telegramId);
    return member === undefined ? { ...alert, orderId: undefined } : alert;
  }
}

const keyboardFor = ({ orderId, language }: Alert) =>
  orderId === undefined
    ? undefined
    : new InlineKeyboard().text(ALERT_WORDS[language].showOrder, `desk:order:${publicId('order', orderId)}`);
