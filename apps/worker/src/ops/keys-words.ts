import { publicId } from '#libs/kernel';
import type { DataKeyRotation, KeyStatus, MasterKeyRotation, SigningKey } from '#libs/vault';

/** The result of a command, for people and for programs. */
export interface Told {
  readonly words: string;
  readonly facts: object;
  /** False if an operator has to act. */
  readonly well: boolean;
}

const nameOf = (owner: string) => (owner === 'platform' || owner === 'all' ? owner : publicId('tenant', owner));

const table = (rows: ReadonlyArray<readonly (string | number)[]>) => {
  const widths = rows[0]?.map((_, i) => Math.max(...rows.map((row) => String(row[i]).length))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, i) => String(cell).padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};

export function statusWords(status: KeyStatus): Told {
  const missing = status.masterKeys.filter((key) => key.state === 'not set' && key.dataKeys + key.values > 0);
  const masters = status.masterKeys.map(({ id, state, dataKeys, values }) => [id, state, dataKeys, values]);
  const columns = status.columns.map(({ column, current, former, first, unknown }) => [
    column,
    current,
    former,
    first,
    unknown,
  ]);
  const signing = status.signingKeys.map((key) => [
    key.kid,
    key.purpose,
    key.generation,
    moment(key.signsFrom),
    moment(key.retiresAt),
  ]);
  const parts = [
    table([['master key', 'state', 'data keys', 'values'], ...masters]),
    table([['sealed', 'newest data key', 'former', 'master key', 'unreadable'], ...columns]),
    table([['signing key', 'for', 'generation', 'signs from', 'retires'], ...signing]),
    ...status.rotations.map(
      ({ owner, begunAt }) =>
        `A rotation of data keys (${nameOf(owner)}) began ${moment(begunAt)} and has not finished: call rotate-data again.`,
    ),
    ...missing.map(({ id }) => `The master key ${id} is needed but not set: values under it cannot be decrypted.`),
  ];
  return { words: parts.join('\n\n'), facts: status, well: missing.length === 0 };
}

export function masterWords(done: MasterKeyRotation, after: KeyStatus): Told {
  const { rewrapped, masterKeyId, failed } = done;
  const values = after.masterKeys.filter((key) => key.state !== 'current' && key.values > 0);
  const words = [
    `${rewrapped} data keys were wrapped with ${masterKeyId}.`,
    ...failed.map(({ owner, why }) => `Not changed, ${nameOf(owner)}: ${why}`),
    ...values.map(
      (key) =>
        `${key.values} values are still encrypted with ${key.id} itself: run rotate-data before you remove that key.`,
    ),
  ];
  const well = failed.length === 0;
  if (well && values.length === 0) words.push('No other master key is needed.');
  return { words: words.join('\n'), facts: { ...done, still_under_other_keys: values }, well };
}

export function dataWords(done: DataKeyRotation): Told {
  const { owner, continued, begunAt, renewed, resealed, failed } = done;
  const words = [
    `${continued ? `Continued the rotation of ${moment(begunAt)}` : 'Rotated'} (${nameOf(owner)}): ` +
      `${renewed} new data keys, ${resealed} values encrypted again.`,
    ...failed.map((one) => `Not changed, ${one.column} of ${nameOf(one.owner)}, row ${one.rowId}: ${one.why}`),
  ];
  return { words: words.join('\n'), facts: done, well: failed.length === 0 };
}

export function signingWords(keys: readonly SigningKey[]): Told {
  const rows = keys.map((key) => [key.kid, key.purpose, key.generation, moment(key.signsFrom), moment(key.retiresAt)]);
  const words = table([['signing key', 'for', 'generation', 'signs from', 'retires'], ...rows]);
  return { words, facts: { signing_keys: keys }, well: true };
}

const moment = (at: Date | null) => (at === null ? '-' : at.toISOString());
