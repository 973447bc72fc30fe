import { EventStore } from '#libs/journal';
import { type Clock, systemClock } from '#libs/kernel';
import { Quotas } from '#libs/quotas';

/** Creates the limits of plans, for use without Nest. */
export const quotasAt = (clock: Clock = systemClock) => new Quotas(new EventStore(), clock);
