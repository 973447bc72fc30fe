import { frameOf } from './event-stream.js';
import { RecentIds } from './recent-ids.js';

it('an event is one frame, whatever its texts contain', () => {
  const event = { id: 'evt_1', type: 'order.paid', data: { title: 'two\nlines\r\nid: evt_2\n\n' } };
  const frame = frameOf(event);
  expect(frame.split('\n')).toHaveLength(5);
  expect(JSON.parse(frame.split('\n')[2]?.slice('data: '.length) ?? '')).toEqual(event);
});

describe('recent ids', () => {
  it('remember an id until it expires', () => {
    const ids = new RecentIds(1_000);
    expect([ids.add('a', 0), ids.add('a', 500), ids.add('b', 1_000)]).toEqual([true, false, true]);
    ids.forget(1_001);
    expect(ids.list()).toEqual(['b']);
  });
});
