import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

interface Holder {
  readonly pid: number;
  /**
   * The start time of that process, as the kernel reports it; process ids are reused, and in containers at every start.
   */
  readonly began: string | undefined;
}

/** Returns a start time that differs between processes with the same id; only known on Linux. */
function beginningOf(pid: number): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The process name is in parentheses and may contain anything; the 20th field after it is the start time.
    return `${boot}/${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch {
    return undefined;
  }
}

/** True when a process with this id is running, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function read(path: string): Holder | undefined {
  try {
    const [pid, began] = readFileSync(path, 'utf8').trim().split(' ');
    return Number.isSafeInteger(Number(pid)) ? { pid: Number(pid), began } : undefined;
  } catch {
    return undefined;
  }
}

const isHeld = ({ pid, began }: Holder) => isAlive(pid) && (began === undefined || began === beginningOf(pid));

/**
 * Takes a lock file for the life of this process. A lock whose process has ended is taken over.
 * @returns a function that releases it, or the id of the process that holds it
 */
export function takeLock(path: string): (() => void) | number {
  const mine = `${path}.${process.pid}`;
  writeFileSync(mine, [process.pid, beginningOf(process.pid)].filter(Boolean).join(' '), { mode: 0o644 });
  try {
    for (;;) {
      try {
        // Unlike writing, linking is atomic: a partly written lock file is never visible.
        linkSync(mine, path);
        return () => rmSync(path, { force: true });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const holder = read(path);
      if (holder !== undefined && isHeld(holder)) return holder.pid;
      removeAbandoned(path, `${mine}.old`);
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Removes an abandoned lock. If another process has removed it and taken the lock meanwhile, that lock is put back. */
function removeAbandoned(path: string, aside: string): void {
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const holder = read(aside);
  if (holder !== undefined && isHeld(holder)) linkSync(aside, path);
  rmSync(aside, { force: true });
}
