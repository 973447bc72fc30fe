import { Inject, Injectable } from '@nestjs/common';
import type { TenantTx } from '#libs/database';
import type { ClaimedJob } from '#libs/journal';
import type { Clock } from '#libs/kernel';
import { CreditService } from '#libs/ledger';
import { CLOCK } from '#libs/runtime';
import type { JobHandler, JobOutcome } from './job-handler.js';

/** Records expired credits and reservations, so that creators are told in time. Balances are correct without it. */
@Injectable()
export class CreditsLapseHandler implements JobHandler {
  readonly kind = 'credits.lapse';

  constructor(
    private readonly credits: CreditService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async run(job: ClaimedJob): Promise<JobOutcome> {
    const effect = (tx: TenantTx) => this.credits.lapse(tx, job.subject, this.clock.now());
    return { kind: 'done', effect };
  }
}
