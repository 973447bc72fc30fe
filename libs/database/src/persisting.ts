import { DatabaseTrouble } from './trouble.js';

/** Milliseconds for which a confirmation is retried; longer than a failover takes. */
const CONFIRM_FOR_MS = 120_000;
/**
 * Milliseconds between two attempts; shorter than the pause of workers after a failed claim, so that the confirmation
 * comes first.
 */
const CONFIRM_EVERY_MS = { first: 100, most: 1_000 };

/** Runs until it succeeds, fails otherwise than by trouble of the database, or two minutes are over. */
export async function persisting<T>(run: () => Promise<T>): Promise<T> {
  const until = Date.now() + CONFIRM_FOR_MS;
  for (let waitMs = CONFIRM_EVERY_MS.first; ; waitMs = Math.min(2 * waitMs, CONFIRM_EVERY_MS.most)) {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof DatabaseTrouble) || Date.now() + waitMs > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
}
