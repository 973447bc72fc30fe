import { EventStore } from '#libs/journal';
import { type Clock, systemClock } from '#libs/kernel';
import { Quotas } from '#libs/quotas';

/** What plans allow, as every room of a process asks it. */
export const quotasAt = (clock: Clock = systemClock) => new Quotas(new EventStore(), clock);
