import { type ChildProcess, spawn } from 'node:child_process';

const MAIN = 'dist/apps/cli/src/main.js';

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export type Environment = Readonly<Record<string, string>>;

/** Starts the built command line. @param folder the folder of its credential */
export function startCli(args: readonly string[], folder: string, more: Environment = {}): ChildProcess {
  const { PATH = '' } = process.env;
  return spawn(process.execPath, [MAIN, ...args], { env: { PATH, XDG_CONFIG_HOME: folder, ...more } });
}

/** Runs the built command line to its end. */
export function runCli(args: readonly string[], folder: string, input = '', more: Environment = {}): Promise<Ended> {
  const child = startCli(args, folder, more);
  let [out, err] = ['', ''];
  child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()));
  child.stdin?.end(input);
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err })));
}
