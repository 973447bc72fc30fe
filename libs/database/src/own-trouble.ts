import { DatabaseBusy } from './trouble.js';

/** So often in a row, while other work goes well, is no accident: about a minute and a half. */
export const TROUBLES_THAT_COUNT = 30;

const KEPT = 10_000;

interface Spell {
  readonly times: number;
  /** How much other work had gone well when it happened last. */
  readonly seen: number;
}

/**
 * Tells work that makes trouble for the database itself, a statement that always needs more memory than there is, from work that met
 * the trouble of others. Each process counts what it sees.
 */
export class OwnTrouble {
  private went = 0;
  private readonly spells = new Map<string, Spell>();

  /** The work went well, or failed for another reason. */
  over(work: string): void {
    this.went += 1;
    this.spells.delete(work);
  }

  /** @returns whether this failure is a failed try: after so many in a row, each with other work done since the one before */
  isOwn(work: string, error: unknown): boolean {
    if (!(error instanceof DatabaseBusy)) return false;
    const { times, seen } = this.spells.get(work) ?? { times: 0, seen: -1 };
    if (seen === this.went) return false;
    if (times + 1 < TROUBLES_THAT_COUNT) {
      // Work that another process has taken over is never over here.
      if (this.spells.size >= KEPT) this.spells.clear();
      this.spells.set(work, { times: times + 1, seen: this.went });
      return false;
    }
    this.spells.delete(work);
    return true;
  }
}
