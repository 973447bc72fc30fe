import { Inject, Injectable } from '@nestjs/common';
import { MailAlerts } from '#libs/delivery';
import { Database, type TenantTx } from '#libs/database';
import type { ClaimedJob } from '#libs/journal';
import type { Clock } from '#libs/kernel';
import { type AlertMailText, letterOf, Mailer, type MailRow, MailRefused, MailStore } from '#libs/mail';
import { CLOCK, CONFIG, type Config } from '#libs/runtime';
import { AccountMails } from '#libs/tenants';
import type { JobHandler, JobOutcome } from '../jobs/job-handler.js';

/**
 * Sends an email. One whose confirmation was lost is sent again with the same Message-ID: twice is better than never.
 */
@Injectable()
export class MailSendHandler implements JobHandler {
  readonly kind = 'mail.send';

  constructor(
    private readonly db: Database,
    private readonly mails: MailStore,
    private readonly mailer: Mailer,
    private readonly accounts: AccountMails,
    private readonly alerts: MailAlerts,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async run(job: ClaimedJob): Promise<JobOutcome> {
    const mail = await this.db.inTenant(job.tenantId, (tx) => this.mails.waiting(tx, job.subject));
    if (mail === undefined) return { kind: 'done' };
    const { row, secret } = mail;
    const address = await this.accounts.addressOf(row);
    if (address === undefined) return { kind: 'done', effect: (tx: TenantTx) => this.mails.giveUp(tx, row.id) };
    const alert = await this.alertIn(row);
    const letter = letterOf(row.kind, row.facts, { publicUrl: this.config.publicUrl, secret, alert });
    try {
      await this.mailer.send(row.id, address, letter);
    } catch (error) {
      if (error instanceof MailRefused) return { kind: 'retry', error: error.message, tries: 1 };
      throw error;
    }
    return { kind: 'done', effect: (tx: TenantTx) => this.mails.markSent(tx, row.id, this.clock.now()) };
  }

  private async alertIn({ tenantId, facts }: MailRow): Promise<AlertMailText | undefined> {
    if (!('event' in facts)) return undefined;
    return this.db.inTenant(tenantId, (tx) => this.alerts.textOf(tx, facts.event));
  }
}
