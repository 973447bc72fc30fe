import type { TenantTx } from '#libs/database';
import { z } from 'zod';
import { type IdKind, publicId, type Shown } from '#libs/kernel';
import { EventStore } from './event.store.js';
import { JOB_KINDS, type JobKind, type JobRule, JOBS } from './jobs.js';

const events = new EventStore();

/** Kinds of subjects with a public id; others are not named. */
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

export const parkedSchema = z
  .object({
    object: z.literal('job'),
    kind: z.enum(JOB_KINDS),
    subject_id: z.string().nullable().describe('The subject of the job; null when it has no public id.'),
    attempts: z.int(),
    error: z.string(),
  })
  .meta({ id: 'ParkedJob' });

/** A job that was given up, as its event shows it. */
export function parkedView({ kind, subject, attempts }: ParkedJob, error: string): Shown<typeof parkedSchema> {
  const idKind = SUBJECT_IDS[JOBS[kind].subject];
  const subjectId = idKind === undefined ? null : publicId(idKind, subject);
  return { object: 'job', kind, subject_id: subjectId, attempts, error };
}

/** Records that a job was given up, for kinds of jobs whose handlers record nothing more specific. */
export async function recordParked(tx: TenantTx, job: ParkedJob, error: string): Promise<void> {
  await events.record(tx, { type: 'job.parked', data: parkedView(job, error) });
}
