// CPU time of processes, from /proc (Linux only).
import { readFileSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** Clock ticks per second in /proc, on every Linux that Node.js runs on. */
const TICKS = 100;
const FULL = 0.9;

const stat = (pid) => {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The command, in parentheses, may contain anything.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [user, system, reapedUser, reapedSystem] = fields.slice(11, 15).map(Number);
  return { parent: Number(fields[1]), own: user + system, reaped: reapedUser + reapedSystem };
};

/** Seconds of CPU time of a process and its children, including those that have ended. */
function secondsOf(pid) {
  const { own, reaped } = stat(pid);
  let ticks = own + reaped;
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const child = stat(name);
      if (child.parent === pid) ticks += child.own + child.reaped;
    } catch {
      // It has ended meanwhile: its parent counts it.
    }
  }
  return ticks / TICKS;
}

function machineSeconds() {
  const [user, nice, system, , , irq, softirq] = readFileSync('/proc/stat', 'utf8')
    .split('\n', 1)[0]
    .split(/\s+/)
    .slice(1);
  return [user, nice, system, irq, softirq].reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS;
}

/** Notes the time and the CPU time of named processes. @param pids process ids by name */
export function noteCpu(pids) {
  const own = process.cpuUsage();
  const seconds = Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, secondsOf(pid)]));
  return { at: performance.now(), seconds, driver: (own.user + own.system) / 1e6, machine: machineSeconds() };
}

/** @returns wall time and CPU time since a note, in seconds; `others` is everything else on this machine */
export function cpuSince(before, pids) {
  const after = noteCpu(pids);
  const processes = Object.fromEntries(
    Object.entries(after.seconds).map(([name, seconds]) => [name, seconds - (before.seconds[name] ?? 0)]),
  );
  const sum = Object.values(processes).reduce((total, seconds) => total + seconds, 0);
  const driver = after.driver - before.driver;
  const others = Math.max(0, after.machine - before.machine - sum - driver);
  return { wall: (after.at - before.at) / 1_000, processes, sum, driver, others };
}

/** Names the resource that ran out: all cores, one thread, or neither, which means waiting for disk, locks or round trips. */
export function limitOf({ wall, processes, driver, others }, cores = availableParallelism()) {
  const used = { ...processes, driver, 'other programs': others };
  const parts = Object.entries(used)
    .map(([name, seconds]) => [name, seconds / wall])
    .filter(([, share]) => share >= 0.05)
    .toSorted(([, a], [, b]) => b - a);
  const total = parts.reduce((sum, [, share]) => sum + share, 0);
  const words = parts.map(([name, share]) => `${name} ${share.toFixed(2)}`).join(', ');
  if (total >= FULL * cores) return `${cores} cores: ${words}`;
  const [busiest, share] = parts.find(([name]) => !['postgres', 'other programs'].includes(name)) ?? ['', 0];
  return share >= FULL ? `one thread, ${busiest}: ${words}` : `waiting: ${words}`;
}
