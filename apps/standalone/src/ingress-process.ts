import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Doorbell } from '#libs/journal';
import type { IngressMessage } from '../../ingress/src/index.js';

const MAIN = fileURLToPath(new URL('../../ingress/src/main.js', import.meta.url));
const STOP_WITHIN_MS = 10_000;
/** Milliseconds before an ingress that ended is restarted; doubled each time it ends before listening. */
const RESTART_MS = { first: 200, most: 10_000 };

export interface IngressOptions {
  /** The environment of the ingress. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Rung when the ingress has stored something. */
  readonly doorbell: Doorbell;
  /** Prints a sentence for the user. */
  readonly say: (sentence: string) => void;
}

/**
 * Runs the ingress as a separate process, so that work in this process never delays buyers. It is restarted when it
 * exits, and exits with this process, however this one ends.
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

  /** Stops it, with ten seconds for requests in progress. */
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
    // A separate session: Ctrl-C in the terminal reaches only this process, which then stops the ingress.
    const stdio = ['ignore', 'inherit', 'inherit', 'ipc'] as const;
    const child = spawn(process.execPath, ['--enable-source-maps', MAIN], { env, stdio: [...stdio], detached: true });
    child.on('message', (message: IngressMessage | object) => {
      // Other messages come from `node --watch`, about loaded modules.
      if (message !== 'listening')
        return 'ring' in message ? doorbell.ring(message.ring) : void process.send?.(message);
      this.wait = RESTART_MS.first;
      listening();
    });
    child.once('error', () => this.ended(child, 'could not be started'));
    child.once('exit', (code, signal) => this.ended(child, signal ?? `exit code ${code}`));
    this.child = child;
    return child;
  }

  private ended(child: ChildProcess, how: string): void {
    if (this.child !== child) return;
    this.child = undefined;
    if (this.stopping) return;
    this.options.say(
      `The ingress has ended (${how}) and is being restarted. Telegram repeats the updates that it missed.`,
    );
    this.restart = setTimeout(() => this.launch(), this.wait);
    this.wait = Math.min(this.wait * 2, RESTART_MS.most);
  }
}
