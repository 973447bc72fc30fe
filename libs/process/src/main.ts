import { SECOND } from '#libs/kernel';

/**
 * Milliseconds from the first signal until the process exits, whatever is still in progress. Orchestrators kill after
 * 30 to 40 seconds.
 */
const END_WITHIN_MS = 30 * SECOND;

/**
 * Runs a process until it is told to stop. A start-up error is printed as one sentence, without a stack: it is meant
 * for the operator. A process that does not stop in time is terminated; its unfinished work is retried automatically.
 */
export async function runProcess(start: () => Promise<void>): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => setTimeout(giveUp, END_WITHIN_MS).unref());
  try {
    await start();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}

function giveUp(): never {
  process.stderr.write(
    `The process did not stop within ${END_WITHIN_MS / SECOND} s and is being terminated. Other processes take over its work.\n`,
  );
  process.exit(1);
}
