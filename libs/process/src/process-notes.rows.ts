import type { PlatformTx } from '#libs/database';
import { MINUTE, SECOND } from '#libs/kernel';
import type { ServiceFacts } from '#libs/metrics';

/** Milliseconds of the past that a note covers. */
export const NOTES_PERIOD_MS = 5 * MINUTE;
/** Milliseconds between two notes of a process. */
export const NOTE_EVERY_MS = 15 * SECOND;
/** Milliseconds after which the note of a process that is gone no longer counts. */
const FRESH_MS = 4 * NOTE_EVERY_MS;

/** Replaces the note of a process, and deletes those of processes that are gone. */
export async function writeNote(tx: PlatformTx, processId: string, facts: ServiceFacts): Promise<void> {
  await tx.query(
    `with gone as (delete from process_notes where noted_at < now() - $3 * interval '1 millisecond')
     insert into process_notes (id, facts) values ($1, $2)
     on conflict (id) do update set facts = excluded.facts, noted_at = excluded.noted_at`,
    [processId, JSON.stringify(facts), 2 * NOTES_PERIOD_MS],
  );
}

/** Returns the notes of all running processes that had something to report. */
export async function readNotes(tx: PlatformTx): Promise<ServiceFacts[]> {
  const rows = await tx.query<{ facts: ServiceFacts }>(
    `select facts from process_notes where noted_at > now() - $1 * interval '1 millisecond'`,
    [FRESH_MS],
  );
  return rows.map(({ facts }) => facts);
}
