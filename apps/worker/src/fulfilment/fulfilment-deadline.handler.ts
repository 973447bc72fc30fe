import { Inject, Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import type { ClaimedJob } from '#libs/journal';
import type { Clock } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { FulfilmentService } from '#libs/sales';
import type { JobHandler, JobOutcome } from '../jobs/job-handler.js';

/** Stops waiting for goods whose deadline has passed. */
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
    // A separate transaction, because it is idempotent.
    const againMs = await this.db.inTenant(tenantId, (tx) => this.fulfilments.expire(tx, subject, this.clock.now()));
    if (againMs > 0) return { kind: 'wait', error: 'it is too early, or a refund is pending', afterMs: againMs };
    return { kind: 'done' };
  }
}
