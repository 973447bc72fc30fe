import type { VaultTx } from './data-key.store.js';
import { SEALED_COLUMNS, type SealedColumn, type SealedColumnFacts } from './sealed-columns.js';
import { headOf } from './secret-box.service.js';

export interface SealedRow {
  /** The values of the key columns, in order. */
  readonly key: readonly string[];
  readonly rowId: string;
  readonly sealed: Buffer;
}

const namesOf = (owner: VaultTx['scope']) =>
  (Object.keys(SEALED_COLUMNS) as SealedColumn[]).filter((name) => SEALED_COLUMNS[name].of === owner);

const list = (parts: readonly string[]) => parts.join(', ');

/** The columns with secrets of a tenant, or of the platform. */
export const sealedColumnsOf = (tx: VaultTx): SealedColumn[] => namesOf(tx.scope);

/** Reads and writes sealed values in any table. Names come from the list in code, never from input. */
export class SealedRowStore {
  /** Values sealed with any other key, in key order. @param after the key of the last row that was read */
  stale(tx: VaultTx, name: SealedColumn, keyId: string, after: readonly string[], limit: number): Promise<SealedRow[]> {
    const { table, column, key, rowId }: SealedColumnFacts = SEALED_COLUMNS[name];
    const keys = Object.keys(key).join(', ');
    const values: unknown[] = [headOf(keyId), limit];
    const place = (value: unknown) => `$${values.push(value)}`;
    const own = tx.scope === 'tenant' ? `tenant_id = ${place(tx.tenantId)} and` : '';
    const later =
      after.length === 0
        ? ''
        : `and (${keys}) > (${list(after.map((value, i) => `${place(value)}::${Object.values(key)[i]}`))})`;
    return tx.query<SealedRow>(
      `select array[${list(Object.keys(key).map((one) => `${one}::text`))}] as key, ${rowId} as "rowId", ${column} as sealed
       from ${table} where ${own} ${column} is not null and substr(${column}, 1, 17) <> $1 ${later} order by ${keys} limit $2`,
      values,
    );
  }

  /** Replaces values that are unchanged; a concurrent change is kept. @returns the number of replaced values */
  async replace(
    tx: VaultTx,
    name: SealedColumn,
    rows: ReadonlyArray<SealedRow & { readonly anew: Buffer }>,
  ): Promise<number> {
    const { table, column, key }: SealedColumnFacts = SEALED_COLUMNS[name];
    const values: unknown[] = [rows.map((row) => row.sealed), rows.map((row) => row.anew)];
    const own = tx.scope === 'tenant' ? `t.tenant_id = $${values.push(tx.tenantId)} and` : '';
    const keys = Object.entries(key).map(([one, type], i) => ({
      one,
      type,
      at: values.push(rows.map((row) => row.key[i])),
    }));
    const replaced = await tx.query(
      `update ${table} t set ${column} = n.anew
       from unnest($1::bytea[], $2::bytea[], ${list(keys.map(({ type, at }) => `$${at}::${type}[]`))})
         as n (old, anew, ${list(keys.map(({ one }) => one))})
       where ${own} ${keys.map(({ one }) => `t.${one} = n.${one} and`).join(' ')} t.${column} = n.old returning 1`,
      values,
    );
    return replaced.length;
  }
}
