import { spawnSync } from 'node:child_process';
import { openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** The library that moves the time of day. */
export const CLOCK = 'test/year/clock.c';

const bytesOf = (seconds) => {
  const buffer = Buffer.alloc(8);
  buffer.writeBigInt64LE(BigInt(seconds));
  return buffer;
};

/** Builds a library that processes load by LD_PRELOAD. @throws Error without a C compiler, or elsewhere than on Linux */
export function buildLibrary(source, library) {
  const built = spawnSync('cc', ['-shared', '-fPIC', '-O2', '-o', library, source, '-ldl'], { encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`This needs a C compiler (cc) on Linux. ${built.stderr ?? ''}`);
}

/** A file that processes map, so that a change reaches all of them at once. */
function makeSwitch(path, content) {
  writeFileSync(path, content, { mode: 0o644 });
  const file = openSync(path, 'r+');
  return (changed) => writeSync(file, changed, 0, changed.length, 0);
}

/** A clock that differs from the machine's by a number of seconds, which may change at any moment. */
export function makeClock(dir, name, seconds = 0) {
  const [library, path] = [join(dir, 'clock.so'), join(dir, `clock-${name}`)];
  buildLibrary(CLOCK, library);
  const set = makeSwitch(path, bytesOf(seconds));
  return { env: { LD_PRELOAD: library, YEAR_CLOCK: path }, set: (ahead) => set(bytesOf(ahead)) };
}

/** Names that can be taken away. */
export function makeNames(dir) {
  const [library, path] = [join(dir, 'dns.so'), join(dir, 'dns')];
  buildLibrary('test/chaos/dns.c', library);
  const set = makeSwitch(path, Buffer.from([0]));
  return { env: { LD_PRELOAD: library, CHAOS_DNS: path }, set: (isGone) => set(Buffer.from([isGone ? 1 : 0])) };
}
