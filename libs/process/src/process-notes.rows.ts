import type { PlatformTx } from '#libs/database';
import { MINUTE, SECOND } from '#libs/kernel';
import type { ServiceFacts } from '#libs/metrics';

/** Milliseconds of the past that a note covers. */
export const NOTES_PERIOD_MS = 5 * MINUTE;
/** Milliseconds between two notes of a process. */
export const NOTE_EVERY_MS = 15 * SECOND;
/** Milliseconds after which the note of a dead process no longer counts. */
const FRESH_MS = 4 * NOTE_EVERY_MS;

/** The note of one process. */
type Note = ServiceFacts & { readonly ingress?: true };

/** Replaces the note of a process, and deletes those of dead processes; an ingress's note is kept for a day. */
export async function writeNote(tx: PlatformTx, processId: string, facts: Note): Promise<void> {
  await tx.query(
    `with gone as (delete from process_notes where noted_at < now() - $3 * interval '1 millisecond'
       and (not facts ? 'ingress' or noted_at < now() - interval '1 day'))
     insert into process_notes (id, facts) values ($1, $2)
     on conflict (id) do update set facts = excluded.facts, noted_at = excluded.noted_at`,
    [processId, JSON.stringify(facts), 2 * NOTES_PERIOD_MS],
  );
}

export interface Notes {
  /** Notes of all running processes that had something to report. */
  readonly facts: readonly ServiceFacts[];
  /** True if an ingress was running within the last day, and none is running now. */
  readonly isIngressAway: boolean;
}

/** Reads the notes of all running processes. */
export async function readNotes(tx: PlatformTx): Promise<Notes> {
  const rows = await tx.query<{ facts: Note; isFresh: boolean }>(
    `select facts, fresh as "isFresh" from (
       select facts, noted_at > now() - $1 * interval '1 millisecond' as fresh from process_notes) n
     where fresh or facts ? 'ingress'`,
    [FRESH_MS],
  );
  const fresh = rows.filter(({ isFresh }) => isFresh).map(({ facts }) => facts);
  const isIngress = ({ ingress }: Note) => ingress === true;
  return { facts: fresh, isIngressAway: rows.some(({ facts }) => isIngress(facts)) && !fresh.some(isIngress) };
}
