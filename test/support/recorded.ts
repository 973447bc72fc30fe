import { EVENT_DATA } from '../../apps/platform/src/creator/events/event-data.js';
import type { EventType } from '#libs/journal';
import { openAsOwner } from './database.js';

interface Recorded {
  readonly type: EventType;
  readonly data: object;
  readonly previous: object | null;
}

/** Returns an event's deviations from its schema; `previous` has a subset of the same fields. */
function wrongWith({ type, data, previous }: Recorded): string[] {
  const schema = EVENT_DATA[type].strict();
  return [schema.safeParse(data), schema.partial().safeParse(previous ?? {})].flatMap(({ error }) =>
    (error?.issues ?? []).map(({ path, message }) => `${type} ${path.join('.')}: ${message}`),
  );
}

/** Compares all recorded events with the API's schemas, so that every journey proves them. @returns the deviations */
export async function undescribed(): Promise<readonly string[]> {
  const owner = await openAsOwner();
  try {
    const events: Recorded[] = await owner.query('select type, data, previous from events');
    return [...new Set(events.flatMap(wrongWith))];
  } finally {
    await owner.destroy();
  }
}
