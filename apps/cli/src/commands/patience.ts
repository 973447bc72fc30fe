import { setTimeout as pause } from 'node:timers/promises';
import { StarwallProblem, UnexpectedAnswer } from '#libs/client';

const LONGEST_MS = 30_000;

/** True when a retry may help: too many requests, a restarting platform, or no response. */
function passes(error: unknown): boolean {
  if (error instanceof StarwallProblem && error.problem.code === 'refresh_in_progress') return true;
  if (error instanceof StarwallProblem || error instanceof UnexpectedAnswer)
    return error.status === 429 || error.status >= 500;
  // fetch throws it when there is no connection (Fetch Standard: "network error").
  return error instanceof TypeError;
}

function reasonOf(error: unknown): string {
  const cause = error instanceof TypeError ? (error.cause ?? error) : error;
  return cause instanceof Error ? cause.message || cause.name : String(cause);
}

/**
 * Repeats work until it succeeds, as long as it fails for temporary reasons. The wait doubles each time, up to half a
 * minute.
 * @param say gets a sentence about each failure
 * @throws any error that is not temporary
 */
export async function patiently<T>(firstMs: number, say: (line: string) => void, work: () => Promise<T>): Promise<T> {
  for (let wait = firstMs; ; wait = Math.min(2 * wait, LONGEST_MS)) {
    try {
      return await work();
    } catch (error) {
      if (!passes(error)) throw error;
      say(`${reasonOf(error)} Trying again in ${wait / 1_000} s.`);
      await pause(wait);
    }
  }
}
