import { personName } from '../../parts/person';
import type { Thread } from './queries';

export const nameIn = ({ buyer, buyer_telegram_id: id }: Thread) =>
  buyer === undefined ? String(id) : personName(buyer);

/** Milliseconds after which a question has waited too long. */
const LATE = 24 * 60 * 60_000;

const GROUPS = ['late', 'waiting', 'answered', 'closed'] as const;
type Group = (typeof GROUPS)[number];

const lastAt = ({ last_message_at: at, created_at: created }: Pick<Thread, 'last_message_at' | 'created_at'>) =>
  Date.parse(at ?? created);

const groupOf = (thread: Thread, now: number): Group => {
  if (thread.state !== 'open') return thread.state;
  return now - lastAt(thread) > LATE ? 'late' : 'waiting';
};

/** Threads by urgency: longest wait first; closed ones latest first. */
export function inGroups(threads: readonly Thread[], now: number): readonly (readonly [Group, readonly Thread[]])[] {
  return GROUPS.flatMap((group) => {
    const members = threads.filter((thread) => groupOf(thread, now) === group);
    const order = group === 'late' || group === 'waiting' ? 1 : -1;
    const sorted = members.toSorted((a, b) => order * (lastAt(a) - lastAt(b)));
    return sorted.length === 0 ? [] : [[group, sorted] as const];
  });
}
