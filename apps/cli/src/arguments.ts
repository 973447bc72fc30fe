import { InvalidArgumentError, Option } from 'commander';
import type { Environment } from './settings.js';

/** A command's action, which gets the environment of the process before its arguments. */
export const here =
  <Args extends readonly unknown[]>(env: Environment, command: (env: Environment, ...args: Args) => Promise<void>) =>
  (...args: Args) =>
    command(env, ...args);

/** Reads the number of an option. @throws InvalidArgumentError outside the bounds */
export const number =
  (least: number, most: number, whole = false) =>
  (text: string) => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (value >= least && value <= most && (!whole || Number.isInteger(value))) return value;
    throw new InvalidArgumentError(`It must be a ${whole ? 'whole ' : ''}number from ${least} to ${most}.`);
  };

/** How many objects a list shows. */
export const limit = () => new Option('--limit <count>', 'how many').default(20).argParser(number(1, 100, true));

/** The options that were given, as a query or a body wants them: without the ones that were left out. */
export function given<Options extends object>(
  options: Options,
): { [Name in keyof Options]: Exclude<Options[Name], undefined> } {
  const kept = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept) as { [Name in keyof Options]: Exclude<Options[Name], undefined> };
}
