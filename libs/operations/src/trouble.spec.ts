import { HOUR } from '#libs/kernel';
import { severityOf } from './trouble.js';

const now = new Date('2026-06-01T12:00:00Z');
const ago = (ms: number) => new Date(now.getTime() - ms);

it('trouble becomes bad when it lasts', () => {
  expect(severityOf('stuck_refunds', ago(HOUR), now)).toBe('warning');
  expect(severityOf('stuck_refunds', ago(2 * HOUR), now)).toBe('bad');
  expect(severityOf('parked_updates', now, now)).toBe('bad');
});
