import type { TenantTx } from '#libs/database';
import { type IdKind, publicId } from '#libs/kernel';
import { EventStore } from './event.store.js';
import { type JobKind, type JobRule, JOBS } from './jobs.js';

const events = new EventStore();

/** What has no public id is not named. */
const SUBJECT_IDS: Readonly<Partial<Record<JobRule['subject'], IdKind>>> = {
  bot: 'bot',
  subscription: 'subscription',
  charge: 'charge',
  chat_access: 'chatAccess',
  support_thread: 'supportThread',
  order: 'order',
  refund: 'refund',
  delivery: 'delivery',
  event: 'event',
};

export interface ParkedJob {
  readonly kind: JobKind;
  readonly subject: string;
  readonly attempts: number;
}

/** A job that was given up, as events show it. */
export function parkedView({ kind, subject, attempts }: ParkedJob, error: string) {
  const idKind = SUBJECT_IDS[JOBS[kind].subject];
  const subjectId = idKind === undefined ? null : publicId(idKind, subject);
  return { object: 'job' as const, kind, subject_id: subjectId, attempts, error };
}

/** Tells the creator that work was given up. For kinds of jobs whose handlers say nothing more particular. */
export async function recordParked(tx: TenantTx, job: ParkedJob, error: string): Promise<void> {
  await events.record(tx, { type: 'job.parked', data: parkedView(job, error) });
}
