import { DatabaseBusy } from './trouble.js';

/**
 * Consecutive failures, while other work succeeds, after which the work itself is the cause: about a minute and a half.
 */
export const TROUBLES_THAT_COUNT = 30;

const KEPT = 10_000;

interface Spell {
  readonly times: number;
  /** The amount of other successful work at its last failure. */
  readonly seen: number;
}

/**
 * Distinguishes work that causes database failures itself, such as a statement that needs more memory than there is,
 * from work that meets failures caused by others. Each process counts separately.
 */
export class OwnTrouble {
  private went = 0;
  private readonly spells = new Map<string, Spell>();

  /** Records that the work succeeded, or failed for another reason. */
  over(work: string): void {
    this.went += 1;
    this.spells.delete(work);
  }

  /**
   * @returns true when this failure counts as a failed attempt: after {@link TROUBLES_THAT_COUNT} in a row, each with
   * other successful work since the previous one
   */
  isOwn(work: string, error: unknown): boolean {
    if (!(error instanceof DatabaseBusy)) return false;
    const { times, seen } = this.spells.get(work) ?? { times: 0, seen: -1 };
    if (seen === this.went) return false;
    if (times + 1 < TROUBLES_THAT_COUNT) {
      // Work that another process has taken over is never concluded here.
      if (this.spells.size >= KEPT) this.spells.clear();
      this.spells.set(work, { times: times + 1, seen: this.went });
      return false;
    }
    this.spells.delete(work);
    return true;
  }
}
