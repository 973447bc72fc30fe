import { MINUTE } from '#libs/kernel';

/** How long a claimed job or update is kept from other workers. */
export const LEASE_MS = MINUTE;
/** How often a worker lengthens the leases of what it has in work: two of these may fail before anybody else takes the work over. */
export const EXTEND_EVERY_MS = LEASE_MS / 3;
/** The length of a lease in SQL. */
export const LEASE = `interval '${LEASE_MS} milliseconds'`;
