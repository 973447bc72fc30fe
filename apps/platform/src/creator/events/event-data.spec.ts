import { EVENT_TYPES } from '#libs/journal';
import { EVENT_DATA } from './event-data.js';
import { samplesAt } from './samples.js';

const samples = samplesAt(new Date('2026-11-30T09:00:00Z'));

describe('the sample of the event', () => {
  it.each(EVENT_TYPES)('%s has the fields of its schema and no others', (type) => {
    const schema = EVENT_DATA[type].strict();
    const { data, previous = {} } = samples[type];
    expect(schema.safeParse(data).error).toBeUndefined();
    expect(schema.partial().safeParse(previous).error).toBeUndefined();
  });
});
