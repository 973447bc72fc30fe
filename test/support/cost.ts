/**
 * Milliseconds of this process's own time that some work takes, at best: what others do on the machine does not count, and what this
 * process does besides falls out of the least of a few tries.
 * @param enough no further try is made when one took less than this
 */
export async function costOf(work: () => unknown, enough = 25, tries = 5): Promise<number> {
  let least = Infinity;
  for (let left = tries; left > 0 && least > enough; left -= 1) {
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1_000);
  }
  return least;
}
