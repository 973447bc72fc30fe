import { InvalidArgumentError, Option } from 'commander';
import type { Environment } from './settings.js';

/** A command's action, called with the process's environment before its arguments. */
export const here =
  <Args extends readonly unknown[]>(env: Environment, command: (env: Environment, ...args: Args) => Promise<void>) =>
  (...args: Args) =>
    command(env, ...args);

/** Parses a numeric option. @throws InvalidArgumentError outside the bounds */
export const number =
  (least: number, most: number, whole = false) =>
  (text: string) => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (value >= least && value <= most && (!whole || Number.isInteger(value))) return value;
    throw new InvalidArgumentError(`It must be a ${whole ? 'whole ' : ''}number from ${least} to ${most}.`);
  };

/** The option for the number of objects in a list. */
export const limit = () => new Option('--limit <count>', 'how many').default(20).argParser(number(1, 100, true));

/** The given options, as a query or a body; omitted options are dropped. */
export function given<Options extends object>(
  options: Options,
): { [Name in keyof Options]: Exclude<Options[Name], undefined> } {
  const kept = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept) as { [Name in keyof Options]: Exclude<Options[Name], undefined> };
}
