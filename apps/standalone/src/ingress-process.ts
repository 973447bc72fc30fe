import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Doorbell } from '#libs/journal';
import type { IngressMessage } from '../../ingress/src/index.js';

const MAIN = fileURLToPath(new URL('../../ingress/src/main.js', import.meta.url));
const STOP_WITHIN_MS = 10_000;
/** How long to wait before an ingress that ended is started again; twice as long each time it does not even get to listen. */
const RESTART_MS = { first: 200, most: 10_000 };

export interface IngressOptions {
  /** What the ingress reads its settings from. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Rung when the ingress has stored something. */
  readonly doorbell: Doorbell;
  /** Sentences for a person who watches. */
  readonly say: (sentence: string) => void;
}

/**
 * The ingress as a process of its own, so that whatever keeps this process busy keeps no buyer waiting. One that ends is started again. It
 * ends with this process, however that ends.
 */
export class IngressProcess {
  private child: ChildProcess | undefined;
  private restart: NodeJS.Timeout | undefined;
  private wait = RESTART_MS.first;
  private stopping = false;

  private constructor(private readonly options: IngressOptions) {}

  /** Resolves once it listens. @throws Error when it ends before that; it has printed the reason itself */
  static async start(options: IngressOptions): Promise<IngressProcess> {
    const ingress = new IngressProcess(options);
    await new Promise<void>((listening, failed) => {
      ingress.launch(listening).once('exit', () => {
        ingress.stopping = true;
        failed(new Error('The ingress did not start.'));
      });
    });
    return ingress;
  }

  /** Gives what is under way ten seconds to end. */
  async stop(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.restart);
    const { child } = this;
    if (child === undefined) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const late = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
    child.kill('SIGTERM');
    await ended;
    clearTimeout(late);
  }

  private launch(listening: () => void = () => undefined): ChildProcess {
    const { env, doorbell } = this.options;
    // A session of its own: Ctrl-C in the terminal is for us, and we stop it.
    const stdio = ['ignore', 'inherit', 'inherit', 'ipc'] as const;
    const child = spawn(process.execPath, ['--enable-source-maps', MAIN], { env, stdio: [...stdio], detached: true });
    child.on('message', (message: IngressMessage | object) => {
      // What a child of `node --watch` has loaded is for Node.js.
      if (message !== 'listening')
        return 'ring' in message ? doorbell.ring(message.ring) : void process.send?.(message);
      this.wait = RESTART_MS.first;
      listening();
    });
    child.once('error', () => this.ended(child, 'it could not be started'));
    child.once('exit', (code, signal) => this.ended(child, signal ?? `exit code ${code}`));
    this.child = child;
    return child;
  }

  private ended(child: ChildProcess, how: string): void {
    if (this.child !== child) return;
    this.child = undefined;
    if (this.stopping) return;
    this.options.say(`The ingress has ended (${how}): starting it again. Telegram sends again what came meanwhile.`);
    this.restart = setTimeout(() => this.launch(), this.wait);
    this.wait = Math.min(this.wait * 2, RESTART_MS.most);
  }
}
