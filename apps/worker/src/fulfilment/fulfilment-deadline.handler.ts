import { Inject, Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import type { ClaimedJob } from '#libs/journal';
import type { Clock } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { FulfilmentService } from '#libs/sales';
import type { JobHandler, JobOutcome } from '../jobs/job-handler.js';

/** Ends the waiting for goods that were promised by a certain time. */
@Injectable()
export class FulfilmentDeadlineHandler implements JobHandler {
  readonly kind = 'fulfilment.deadline';

  constructor(
    private readonly db: Database,
    private readonly fulfilments: FulfilmentService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async run(job: ClaimedJob): Promise<JobOutcome> {
    const { tenantId, subject } = job;
    // Done in a transaction of its own: done twice it is done once.
    const againMs = await this.db.inTenant(tenantId, (tx) => this.fulfilments.expire(tx, subject, this.clock.now()));
    if (againMs > 0) return { kind: 'wait', error: 'it is too early, or a refund is under way', afterMs: againMs };
    return { kind: 'done' };
  }
}
