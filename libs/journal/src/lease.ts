import { MINUTE } from '#libs/kernel';

/** Milliseconds for which a claimed job or update is kept from other workers. */
export const LEASE_MS = MINUTE;
/** Milliseconds between extensions of a worker's leases: two may fail before another worker takes over. */
export const EXTEND_EVERY_MS = LEASE_MS / 3;
/** The duration of a lease in SQL. */
export const LEASE = `interval '${LEASE_MS} milliseconds'`;
