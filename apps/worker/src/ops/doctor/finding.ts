/** The result of one check of an installation. */
export interface Finding {
  /** `warning`: it works, but not as it should. `wrong`: something cannot work. */
  readonly state: 'ok' | 'warning' | 'wrong';
  /** One word or two: the setting or the service. */
  readonly about: string;
  readonly says: string;
  /** What to do; absent when all is well. */
  readonly remedy?: string;
}

export const well = (about: string, says: string): Finding => ({ state: 'ok', about, says });
export const warning = (about: string, says: string, remedy: string): Finding => ({
  state: 'warning',
  about,
  says,
  remedy,
});
export const wrong = (about: string, says: string, remedy: string): Finding => ({
  state: 'wrong',
  about,
  says,
  remedy,
});

const MARKS = { ok: 'ok', warning: 'WARNING', wrong: 'WRONG' } as const;

const column = (word: string, width: number) => word.padEnd(width);

/** Formats findings: one line each, and another with the remedy. */
export function inWords(findings: readonly Finding[]): string {
  const lines = findings.flatMap(({ state, about, says, remedy }) => [
    `${column(MARKS[state], 8)} ${column(about, 12)} ${says}`,
    ...(remedy === undefined ? [] : [`${' '.repeat(22)}${remedy}`]),
  ]);
  const [bad, odd] = (['wrong', 'warning'] as const).map((wanted) => findings.filter(({ state }) => state === wanted));
  const sum =
    bad?.length === 0 && odd?.length === 0
      ? 'Everything is fine.'
      : `${bad?.length ?? 0} wrong, ${odd?.length ?? 0} with a warning.`;
  return `${lines.join('\n')}\n\n${sum}`;
}
