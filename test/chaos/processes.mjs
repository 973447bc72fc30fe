import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { pause } from './random.mjs';

/** A process that has been up this long has completed its start. */
const STARTED_MS = 3_000;
const RESTART_MS = 200;
const STOP_MS = 10_000;

/** A process that is restarted whenever it exits, as by a supervisor. Only its own child is ever killed. */
export class Supervised {
  #child;
  #stopping = false;
  #upSince = 0;
  #expected = false;
  #held = false;
  /** The number of times that it exited by itself after completing its start. */
  crashes = 0;
  starts = 0;

  constructor(name, command, args, { env, logDir, cwd }) {
    Object.assign(this, { name, command, args, env, cwd });
    this.log = createWriteStream(join(logDir, `${name}.log`), { flags: 'a' });
  }

  start() {
    this.starts += 1;
    this.#upSince = performance.now();
    this.#expected = false;
    const child = spawn(this.command, this.args, {
      env: this.env,
      cwd: this.cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) stream.pipe(this.log, { end: false });
    child.once('error', (error) => this.log.write(`${error.message}\n`));
    child.once('close', (code) => this.#ended(code));
    this.#child = child;
  }

  #ended(code) {
    const upFor = performance.now() - this.#upSince;
    this.#child = undefined;
    if (this.#stopping) return;
    if (!this.#expected && upFor > STARTED_MS) {
      this.crashes += 1;
      this.log.write(`chaos: ended by itself with ${code}\n`);
    }
    if (!this.#held)
      setTimeout(() => this.#child === undefined && !this.#stopping && this.start(), this.#expected ? 0 : RESTART_MS);
  }

  /** Sends SIGKILL. With `hold`, the process stays dead until `start()`. */
  async kill({ hold = false } = {}) {
    const child = this.#child;
    this.#held = hold;
    if (child === undefined) return;
    this.#expected = true;
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('close', resolve));
  }

  /** Stops it as a deployment does, and lets the supervisor start it again. @returns the milliseconds until it had stopped */
  async replace() {
    const [child, began] = [this.#child, performance.now()];
    this.#expected = true;
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGTERM');
    await ended;
    return Math.round(performance.now() - began);
  }

  /** Sends any other signal, such as SIGSTOP or SIGCONT. */
  signal(name) {
    this.#child?.kill(name);
  }

  release() {
    this.#held = false;
    if (this.#child === undefined) this.start();
  }

  async stop() {
    this.#stopping = true;
    const child = this.#child;
    if (child === undefined) return;
    child.kill('SIGTERM');
    const ended = new Promise((resolve) => child.once('close', () => resolve(true)));
    if (!(await Promise.race([ended, pause(8_000)]))) {
      child.kill('SIGKILL');
      await ended;
    }
  }
}

/**
 * Starts a program that is not restarted. Its errors go to this process's stderr, as does a note if it ends by itself.
 * @param output a file descriptor for its output
 */
export function startProgram(command, args, { env, cwd, output = 'ignore' }) {
  const child = spawn(command, args, { env, cwd, stdio: ['ignore', output, 'inherit'] });
  let stopping = false;
  const ended = new Promise((resolve) => child.once('close', resolve));
  void ended.then((code) => stopping || process.stderr.write(`${args.join(' ')} ended by itself with ${code}.\n`));
  const stop = async () => {
    stopping = true;
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(late);
  };
  return { pid: child.pid, stop };
}

const answers = (port) =>
  new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const done = (ok) => {
      socket.destroy();
      resolve(ok);
    };
    socket.once('connect', () => done(true));
    socket.once('error', () => done(false));
  });

export async function untilListening(port, what, withinMs = 60_000) {
  const deadline = Date.now() + withinMs;
  while (!(await answers(port))) {
    if (Date.now() > deadline) throw new Error(`${what} does not listen after ${withinMs / 1_000} s.`);
    await pause(50);
  }
}

/** Sends one command to Redis over a new connection. */
export function redis(port, command) {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: 2_000 }, () => socket.write(`${command}\r\n`));
    socket.once('data', (answer) => {
      socket.destroy();
      resolve(String(answer).trim());
    });
    socket.once('error', reject);
    socket.once('timeout', () => socket.destroy(new Error('Redis does not answer.')));
  });
}
