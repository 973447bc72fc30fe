import type { Transformer } from 'grammy';
import { secondsSince, telegramCalls, telegramSeconds } from '#libs/metrics';
import { TelegramRefused, TelegramUnreachable } from './telegram-error.js';
import { judge } from './verdict.js';

const OUTCOMES = ['ok', 'rate_limited', 'token_invalid', 'refused', 'failed', 'timeout', 'network'] as const;
type Outcome = (typeof OUTCOMES)[number];

const known = new Set<string>();

/** Counts calls that end with a response, a {@link TelegramRefused} or a {@link TelegramUnreachable}. */
export const counted: Transformer = async (prev, method, payload, signal) => {
  const began = performance.now();
  let outcome: Outcome = 'ok';
  try {
    return await prev(method, payload, signal);
  } catch (error) {
    outcome = outcomeOf(error);
    throw error;
  } finally {
    if (!known.has(method)) beginWith(method);
    telegramCalls.inc({ method, outcome });
    telegramSeconds.observe(secondsSince(began));
  }
};

/** Starts the counters of a method at zero, so that the first event shows as an increase. */
function beginWith(method: string): void {
  known.add(method);
  for (const outcome of OUTCOMES) telegramCalls.inc({ method, outcome }, 0);
}

/** The label of a failed call. */
function outcomeOf(error: unknown): Outcome {
  if (error instanceof TelegramUnreachable) return error.reason;
  if (!(error instanceof TelegramRefused)) return 'failed';
  if (error.code >= 500) return 'failed';
  const { kind } = judge(error);
  if (kind === 'retry') return 'rate_limited';
  return kind === 'token_invalid' ? kind : 'refused';
}
