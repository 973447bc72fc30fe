import { spawnSync } from 'node:child_process';
import { openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** The source of the library that moves the clock. */
export const CLOCK = 'test/year/clock.c';

const bytesOf = (seconds) => {
  const buffer = Buffer.alloc(8);
  buffer.writeBigInt64LE(BigInt(seconds));
  return buffer;
};

/** Builds a library that processes load by LD_PRELOAD. @throws Error without a C compiler, or on a system other than Linux */
export function buildLibrary(source, library) {
  const built = spawnSync('cc', ['-shared', '-fPIC', '-O2', '-o', library, source, '-ldl'], { encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`This needs a C compiler (cc) on Linux. ${built.stderr ?? ''}`);
}

/** Creates a file that processes map into memory, so that a change reaches all of them at once. */
function makeSwitch(path, content) {
  writeFileSync(path, content, { mode: 0o644 });
  const file = openSync(path, 'r+');
  return (changed) => writeSync(file, changed, 0, changed.length, 0);
}

/** Creates a clock that differs from the machine's by a number of seconds, which can change at any moment. */
export function makeClock(dir, name, seconds = 0) {
  const [library, path] = [join(dir, 'clock.so'), join(dir, `clock-${name}`)];
  buildLibrary(CLOCK, library);
  const set = makeSwitch(path, bytesOf(seconds));
  return { env: { LD_PRELOAD: library, YEAR_CLOCK: path }, set: (ahead) => set(bytesOf(ahead)) };
}

/** Creates a switch that makes name resolution fail. */
export function makeNames(dir) {
  const [library, path] = [join(dir, 'dns.so'), join(dir, 'dns')];
  buildLibrary('test/chaos/dns.c', library);
  const set = makeSwitch(path, Buffer.from([0]));
  return { env: { LD_PRELOAD: library, CHAOS_DNS: path }, set: (isGone) => set(Buffer.from([isGone ? 1 : 0])) };
}
