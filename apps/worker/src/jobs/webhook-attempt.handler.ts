import { Injectable } from '@nestjs/common';
import type { TenantTx } from '#libs/database';
import { type Attempt, failureOf, WebhookService } from '#libs/delivery';
import type { ClaimedJob } from '#libs/journal';
import { webhookSeconds } from '#libs/metrics';
import { type JobHandler, type JobOutcome, UNTIL_LIFTED } from './job-handler.js';

/** Sends an event to a creator's server. */
@Injectable()
export class WebhookAttemptHandler implements JobHandler {
  readonly kind = 'webhook.attempt';

  constructor(private readonly webhooks: WebhookService) {}

  async run(job: ClaimedJob): Promise<JobOutcome> {
    const outcome = await this.webhooks.attempt(job.tenantId, job.subject, job.queue);
    switch (outcome.kind) {
      case 'nothing':
      case 'held':
        return { kind: 'done' };
      case 'dropped':
        return { kind: 'done', effect: (tx) => this.webhooks.giveUp(tx, job.subject) };
      case 'elsewhere':
        return { kind: 'move', queue: outcome.queue };
      case 'closed':
        return UNTIL_LIFTED;
      case 'attempted':
        return this.judge(outcome.attempt);
    }
  }

  async giveUp(tx: TenantTx, job: ClaimedJob): Promise<void> {
    await this.webhooks.giveUp(tx, job.subject);
  }

  private judge(attempt: Attempt): JobOutcome {
    const outcome = attempt.status === null ? 'unreachable' : attempt.verdict;
    webhookSeconds.observe({ outcome }, attempt.durationMs / 1_000);
    if (attempt.verdict !== 'refused')
      return { kind: 'done', effect: (tx) => this.webhooks.record(tx, attempt, undefined) };
    return {
      kind: 'retry',
      error: failureOf(attempt),
      ...(attempt.afterMs === undefined ? {} : { afterMs: attempt.afterMs }),
      effect: (tx, next) => this.webhooks.record(tx, attempt, next),
    };
  }
}
