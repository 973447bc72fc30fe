export { type Bell, Doorbell, LocalDoorbell } from './doorbell.js';
export { EVENT_TYPES, type EventType, type NewEvent } from './event.js';
export { EventStore, type StoredEvent } from './event.store.js';
export { type Envelope, readEnvelope } from './inbox.js';
export { type ClaimedUpdate, type IncomingUpdate, InboxStore } from './inbox.store.js';
export { type ClaimedJob, type ClaimLimits, JobStore, type NewJob } from './job.store.js';
export { JOB_KINDS, JOBS, type JobKind, type JobRule, type Queue, retryDelay } from './jobs.js';
export { JournalModule } from './journal.module.js';
