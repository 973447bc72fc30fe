import { HOUR, MINUTE, SECOND } from '#libs/kernel';
import { lookAfter, nextOf } from './removal.js';
import { obligationView } from './removal-view.js';

const now = new Date('2026-06-01T12:00:00Z');
const ago = (ms: number) => new Date(now.getTime() - ms);
const left = (kind: 'renewal' | 'order', pending: number, failed: number) => [{ kind, pending, failed }];
const held = { acknowledgedAt: null };

describe('the removal of a bot', () => {
  it.each([
    ['ends when nothing is left', [], held, 'end'],
    ['waits for pending work', left('order', 1, 0), held, 'wait'],
    ['is stuck on failures, even while something is pending', left('order', 1, 1), held, 'stuck'],
    ['ends when its failures are acknowledged', left('renewal', 0, 1), { acknowledgedAt: now }, 'end'],
    ['waits up to an hour after that', left('order', 1, 1), { acknowledgedAt: ago(HOUR - 1) }, 'wait'],
    ['waits no longer than that', left('order', 1, 1), { acknowledgedAt: ago(HOUR) }, 'end'],
    [
      'waits without limit for renewals, which cost money',
      left('renewal', 1, 0),
      { acknowledgedAt: ago(HOUR) },
      'wait',
    ],
  ] as const)('%s', (_, counts, removal, next) => {
    expect(nextOf(counts, removal, now)).toBe(next);
  });

  it('is checked every second at first, and rarely while it is stuck', () => {
    expect(lookAfter({ createdAt: now }, 'wait', now)).toBe(SECOND);
    expect(lookAfter({ createdAt: ago(HOUR) }, 'wait', now)).toBe(20 * SECOND);
    expect(lookAfter({ createdAt: now }, 'stuck', now)).toBe(10 * MINUTE);
  });
});

it('an obligation that cannot end by itself has a reason and a remedy', () => {
  const id = '01234567-89ab-7def-8123-456789abcdef';
  const view = obligationView({ kind: 'renewal', id, failure: 'CHARGE_ID_INVALID' });
  expect(view).toMatchObject({
    id: expect.stringMatching(/^sub_/),
    state: 'failed',
    remedy: expect.stringContaining('Telegram'),
  });
  expect(obligationView({ kind: 'update', id: '42', failure: null })).toMatchObject({
    id: '42',
    state: 'pending',
    remedy: null,
  });
});
