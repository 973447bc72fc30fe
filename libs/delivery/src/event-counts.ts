import { EVENT_TYPES, type StoredEvent } from '#libs/journal';
import { eventsRelayed, starsSold, startAtZero } from '#libs/metrics';

startAtZero(eventsRelayed, 'type', EVENT_TYPES);

/** Counts events after their transaction has committed. */
export function countEvents(events: readonly Pick<StoredEvent, 'type' | 'data'>[]): void {
  for (const { type, data } of events) {
    eventsRelayed.inc({ type });
    if (type === 'order.paid') starsSold.inc(Number(data['stars']) || 0);
  }
}
