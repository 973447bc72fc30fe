import { Injectable } from '@nestjs/common';
import type { ClaimedJob } from '#libs/journal';
import { RemovalService } from '#libs/rights';
import type { JobHandler, JobOutcome } from '../jobs/job-handler.js';

/** Advances a bot's removal, one step per run, until it is removed. */
@Injectable()
export class BotRemoveHandler implements JobHandler {
  readonly kind = 'bot.remove';

  constructor(private readonly removals: RemovalService) {}

  async run({ tenantId, subject }: ClaimedJob): Promise<JobOutcome> {
    const stepped = await this.removals.step(tenantId, subject);
    if (stepped.kind === 'done') return { kind: 'done' };
    return { kind: 'wait', error: stepped.why, afterMs: stepped.afterMs };
  }
}
