import type { Command } from 'commander';

/** Prints one response: as JSON with `--json`, otherwise as lines for people. */
export function say(command: Command, value: object, ...lines: readonly string[]): void {
  const { json } = command.optsWithGlobals<{ json?: boolean }>();
  process.stdout.write(json === true ? `${JSON.stringify(value)}\n` : lines.map((line) => `${line}\n`).join(''));
}

/** Prints one page of a list, one line per object. */
export function sayPage<One>(
  command: Command,
  page: { readonly data: readonly One[]; readonly has_more: boolean },
  line: (one: One) => string,
): void {
  const lines = page.data.length === 0 ? ['None.'] : page.data.map(line);
  say(command, page, ...lines, ...(page.has_more ? ['There are more: increase --limit.'] : []));
}

/** `2026-11-30 09:30` in UTC; `-` when missing. */
export const minute = (at: string | null): string => at?.replace(/T(\d\d:\d\d).*/, ' $1') ?? '-';

/** A value of the API, padded to a column's width. */
export const column = (word: string, width: number): string => word.padEnd(width);

export const stars = (count: number): string => `${count} ${count === 1 ? 'Star' : 'Stars'}`;
