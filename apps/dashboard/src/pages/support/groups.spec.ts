import { inGroups } from './groups';
import type { Thread } from './queries';

const NOW = Date.parse('2026-03-02T12:00:00.000Z');
const thread = (id: string, state: Thread['state'], at: string) =>
  ({ id, state, created_at: at, last_message_at: at }) as Thread;

describe('the inbox', () => {
  it('starts with threads that have waited for more than a day, oldest first', () => {
    const threads = [
      thread('closed', 'closed', '2026-03-01T00:00:00.000Z'),
      thread('new', 'open', '2026-03-02T11:00:00.000Z'),
      thread('late', 'open', '2026-03-01T11:59:59.000Z'),
      thread('later', 'open', '2026-02-27T00:00:00.000Z'),
      thread('almost', 'open', '2026-03-01T12:00:00.000Z'),
      thread('answered', 'answered', '2026-03-02T00:00:00.000Z'),
    ];
    const shown = inGroups(threads, NOW).map(([group, members]) => [group, members.map(({ id }) => id)]);
    expect(shown).toEqual([
      ['late', ['later', 'late']],
      ['waiting', ['almost', 'new']],
      ['answered', ['answered']],
      ['closed', ['closed']],
    ]);
  });

  it('has no empty groups', () => {
    expect(inGroups([], NOW)).toEqual([]);
  });
});
