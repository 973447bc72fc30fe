import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../scripts/free-port.mjs';

/** Four processes that start at once need some time on a busy machine. */
const PATIENCE_MS = 120_000;

/** A program that runs alongside the test. */
export class Program {
  private output = '';
  private readonly ended: Promise<string>;

  private constructor(
    readonly child: ChildProcess,
    private readonly name: string,
  ) {
    child.stdout?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    this.ended = new Promise((resolve, reject) => {
      child.once('exit', (code, signal) => resolve(signal ?? String(code)));
      child.once('error', reject);
    });
    this.ended.catch(() => undefined);
  }

  static run(name: string, command: string, args: readonly string[], env: Readonly<Record<string, string>>): Program {
    const { PATH = '' } = process.env;
    return new Program(spawn(command, [...args], { env: { PATH, ...env }, stdio: ['ignore', 'pipe', 'pipe'] }), name);
  }

  /** Polls until `look` is true. @throws Error with the program's output when it ends or takes too long */
  async until(what: string, look: () => Promise<unknown>): Promise<void> {
    const end = this.ended.then((how) => {
      throw new Error(`${this.name} ended (${how}) before ${what}:\n${this.output}`);
    });
    await Promise.race([end, this.becomes(what, look)]);
  }

  private async becomes(what: string, look: () => Promise<unknown>): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    while (!(await look().catch(() => false))) {
      if (Date.now() > deadline) throw new Error(`${this.name}: timed out waiting until ${what}:\n${this.output}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  printed(text: string | RegExp): boolean {
    return typeof text === 'string' ? this.output.includes(text) : text.test(this.output);
  }

  /** @returns the pattern's first group, once it has been printed */
  async prints(pattern: RegExp): Promise<string> {
    if (!pattern.test(this.output)) await this.until(`it prints ${pattern}`, async () => pattern.test(this.output));
    return pattern.exec(this.output)?.[1] ?? '';
  }

  /** @returns the signal that ended it, or its exit code */
  end(): Promise<string> {
    return this.ended;
  }

  /** @returns the signal that ended it, or its exit code */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<string> {
    this.child.kill(signal);
    return this.ended;
  }
}

/** A real Redis without persistence. */
export class RedisServer {
  private constructor(
    readonly port: number,
    private readonly dir: string,
    private program: Program,
  ) {}

  static async start(): Promise<RedisServer> {
    const [port, dir] = [await freePort(), mkdtempSync(join(tmpdir(), 'starwall-redis-'))];
    const server = new RedisServer(port, dir, launch(port, dir));
    await server.ready();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Sends one command. @returns the first part of the reply, in the Redis protocol */
  ask(command: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect(this.port, '127.0.0.1', () => socket.write(`${command}\r\n`));
      socket.setTimeout(2_000, () => socket.destroy(new Error('Redis does not answer')));
      socket.once('error', reject);
      socket.once('data', (answer) => {
        socket.destroy();
        resolve(answer.toString());
      });
    });
  }

  kill(): Promise<string> {
    return this.program.stop('SIGKILL');
  }

  /** Stops answering, with all connections left open. */
  hang(): void {
    this.program.child.kill('SIGSTOP');
  }

  resume(): void {
    this.program.child.kill('SIGCONT');
  }

  async startAgain(): Promise<void> {
    this.program = launch(this.port, this.dir);
    await this.ready();
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.dir, { recursive: true, force: true });
  }

  private async ready(): Promise<void> {
    try {
      await this.program.until('it answers', async () => (await this.ask('PING')).startsWith('+PONG'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      throw new Error('redis-server is not installed, and this test needs a real one: apt-get install -y redis-server');
    }
  }
}

function launch(port: number, dir: string): Program {
  const settings = ['--save', '', '--appendonly', 'no', '--maxmemory-policy', 'noeviction'];
  return Program.run(
    'redis-server',
    'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, ...settings],
    {},
  );
}
