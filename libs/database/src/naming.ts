import { DefaultNamingStrategy, getMetadataArgsStorage } from 'typeorm';

const snake = (name: string) => name.replace(/[A-Z]/g, (char) => `_${char.toLowerCase()}`);

/** `tenantId` in code is `tenant_id` in the database. Tables are always named explicitly. */
export class SnakeNaming extends DefaultNamingStrategy {
  override columnName(propertyName: string, customName: string | undefined): string {
    return customName ?? snake(propertyName);
  }
}

/** The select list that maps a table to all columns of its entity. @param alias of the table in the statement */
export function columnsOf(entity: new () => object, alias: string): string {
  return getMetadataArgsStorage()
    .columns.filter(({ target }) => target === entity)
    .map(({ propertyName, options }) => `${alias}.${options.name ?? snake(propertyName)} as "${propertyName}"`)
    .join(', ');
}

/** A part of a statement and its parameters, which may be renumbered to follow those of another part. */
export interface Piece {
  readonly sql: string;
  readonly values: readonly unknown[];
}

/** Returns a statement with its parameters renumbered to follow `taken` others. */
export const numberedBehind = (taken: number, sql: string): string =>
  sql.replaceAll(/\$(\d+)/g, (_, number) => `$${taken + Number(number)}`);

/**
 * Combines several statements that write different tables into one. Each becomes a common table expression under its
 * name, and later ones may refer to its result.
 * @param parts the last one is the statement proper
 */
export function inOneStatement(parts: Readonly<Record<string, Piece>>): Piece {
  const values: unknown[] = [];
  const numbered = Object.entries(parts).map(([name, part]) => {
    const sql = numberedBehind(values.length, part.sql);
    values.push(...part.values);
    return [name, sql] as const;
  });
  const last = numbered.pop()?.[1] ?? '';
  return { sql: `with ${numbered.map(([name, sql]) => `${name} as (${sql})`).join(', ')} ${last}`, values };
}

/** `(column, ...) values ($1, ...)` for inserting a row with the fields of its entity. */
export function valuesOf<Row extends object>(row: Row): Piece {
  const names = Object.keys(row);
  const places = names.map((_, i) => `$${i + 1}`);
  return { sql: `(${names.map(snake).join(', ')}) values (${places.join(', ')})`, values: Object.values(row) };
}

/** `column = $n, ...` for an update. @param taken number of parameters that the statement already has */
export function assignmentsOf<Row extends object>(changes: Partial<Row>, taken: number): Piece {
  const written = Object.entries(changes).filter(([, value]) => value !== undefined);
  const sql = written.map(([name], i) => `${snake(name)} = $${taken + i + 1}`).join(', ');
  return { sql, values: written.map(([, value]) => value as unknown) };
}
