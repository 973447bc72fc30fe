import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * Milliseconds of CPU time of this thread, excluding other processes and this process's other threads. If the system does not report that,
 * the CPU time of the whole process.
 */
function cpuTime(): number {
  const ofThread = nanosecondsOfThread();
  if (ofThread > 0) return ofThread / 1_000_000;
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

function nanosecondsOfThread(): number {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ', 1)[0]);
  } catch {
    return 0;
  }
}

/**
 * Returns the lowest CPU time of this thread for some work, in milliseconds. A real cost appears in every attempt, unlike garbage
 * collection, cold code and other work of the thread, so the pauses between attempts grow.
 * @param enough stops once an attempt took less than this
 */
export async function costOf(work: () => unknown, enough = 25, tries = 10): Promise<number> {
  let least = Infinity;
  for (let made = 0; made < tries && least > enough; made += 1) {
    if (made > 0) await pause(made * 10);
    const before = cpuTime();
    await work();
    least = Math.min(least, cpuTime() - before);
  }
  return least;
}
