import { Inject, Injectable } from '@nestjs/common';
import type { TenantTx } from '#libs/database';
import { MailAlerts } from '#libs/delivery';
import type { ClaimedJob } from '#libs/journal';
import type { Clock } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import type { JobHandler, JobOutcome } from './job-handler.js';

/** Emails members about an event, or keeps it until the hour of the previous email has passed. */
@Injectable()
export class AlertMailHandler implements JobHandler {
  readonly kind = 'alert.mail';

  constructor(
    private readonly alerts: MailAlerts,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async run(job: ClaimedJob): Promise<JobOutcome> {
    const wanted = await this.alerts.wantedAbout(job.tenantId, job.subject);
    if (wanted === undefined) return { kind: 'done' };
    return { kind: 'done', effect: (tx: TenantTx) => this.alerts.tell(tx, wanted, this.clock.now()) };
  }
}
