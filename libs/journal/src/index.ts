export {
  type AuditActor,
  type AuditContext,
  type AuditEntry,
  type AuditFilter,
  type AuditVia,
  type NewAuditEntry,
  AUDIT_VIAS,
  NOWHERE,
} from './audit.js';
export { AuditStore } from './audit.store.js';
export { type Bell, BELLS, Doorbell, LocalDoorbell, ringForCommits, waitOf } from './doorbell.js';
export { EVENT_TYPES, type EventType, type NewEvent, previousOf } from './event.js';
export { type EventFilter, EventStore, type RecordedEvent, type StoredEvent } from './event.store.js';
export { type Envelope, isChatter, readEnvelope } from './inbox.js';
export { InboxKeeper, type ParkedUpdate, type StoredUpdate, UpdateNotParked } from './inbox.keeper.js';
export { type Claim, type ClaimedUpdate, type InboxLimits, InboxQueue } from './inbox.queue.js';
export { type IncomingUpdate, InboxStore } from './inbox.store.js';
export { type Hastened, JobStore, type NewJob, type Release } from './job.store.js';
export type { ClaimedJob, ClaimLimits, JobClaim } from './job-turns.js';
export {
  JOB_KINDS,
  alertJobs,
  JOBS,
  type JobKind,
  type JobRule,
  NotParked,
  joinJob,
  type Queue,
  QUEUES,
  retryDelay,
  WAITS_FOR,
  type WaitsFor,
} from './jobs.js';
export { EXTEND_EVERY_MS } from './lease.js';
export { mentions, replaced } from './mentions.js';
export { parkedSchema, parkedView, recordParked } from './parked.js';
export { JournalModule } from './journal.module.js';
export { JOURNAL_TABLES } from './tables.js';
