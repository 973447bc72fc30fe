import { spawn } from 'node:child_process';
import { openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pause } from '../chaos/random.mjs';
import { buildLibrary, CLOCK } from '../chaos/switches.mjs';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** The rounds of the other processes notice a jump within this time. */
const NOTICED_MS = 150;

const bytes = (seconds) => {
  const buffer = Buffer.alloc(8);
  buffer.writeBigInt64LE(BigInt(seconds));
  return buffer;
};

/**
 * Runs this program again with a movable clock. PostgreSQL and the product inherit it as child processes.
 * @returns {Promise<number>} its exit code
 */
export async function runInMovableTime(dir, from) {
  const [library, clock] = [join(dir, 'clock.so'), join(dir, 'clock')];
  buildLibrary(CLOCK, library);
  writeFileSync(clock, bytes(Math.round((from.getTime() - Date.now()) / SECOND)));
  const child = spawn(process.execPath, process.argv.slice(1), {
    stdio: 'inherit',
    env: { ...process.env, LD_PRELOAD: library, YEAR_CLOCK: clock, YEAR_DIR: dir },
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  return new Promise((ended) => child.once('close', (code) => ended(code ?? 1)));
}

/** Returns settings that make a process of the product follow the time of this run. */
export const followsTime = () => ({
  LD_PRELOAD: process.env.LD_PRELOAD,
  YEAR_CLOCK: process.env.YEAR_CLOCK,
  NODE_OPTIONS: `--import=file://${resolve('test/year/intervals.mjs')}`,
  TZ: 'Europe/Berlin',
});

/** The time of day of all processes. It moves at its usual pace, and forward by jumps. */
export class Time {
  #file = openSync(process.env.YEAR_CLOCK, 'r+');
  #offset = Number(readFileSync(process.env.YEAR_CLOCK).readBigInt64LE());

  constructor(simulator) {
    this.simulator = simulator;
  }

  /** Jumps to this moment unless it has passed, and lets Telegram process what is due by then. */
  async jump(to) {
    const seconds = Math.ceil((to - Date.now()) / SECOND);
    if (seconds > 0) {
      this.#offset += seconds;
      writeSync(this.#file, bytes(this.#offset), 0, 8, 0);
    }
    this.simulator.world.clock.advance(0);
    await pause(NOTICED_MS);
  }
}
