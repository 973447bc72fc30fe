import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * Milliseconds of CPU that this thread has had: neither what others do on the machine counts, nor what this process does in other threads.
 * Where the system does not tell it is the CPU of the whole process.
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
 * Milliseconds of this thread's own time that some work takes, at best. A real cost shows every time; a pause for garbage, code that is
 * not compiled yet and what the thread does besides pass, so further tries wait ever longer for that.
 * @param enough no further try is made when one took less than this
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
