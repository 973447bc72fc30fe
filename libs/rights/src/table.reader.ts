import { Inject, Injectable } from '@nestjs/common';
import { Database, type Room, ROOMS, type TenantTx } from '#libs/database';
import { exportPlan } from './plan.js';

interface Shape {
  readonly columns: readonly string[];
  /** The primary key without the tenant, in its order. */
  readonly key: readonly { readonly name: string; readonly type: string }[];
}

interface Line {
  readonly line: string;
  readonly place: readonly string[];
}

/** Rows per read: limits memory and the length of a transaction. */
const BATCH = 500;

const SHAPE = `
select array(select a.attname::text from pg_attribute a
    where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped order by a.attnum) as columns,
  (select coalesce(json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod)) order by k.n), '[]')
   from pg_index i cross join unnest(i.indkey::int2[]) with ordinality as k (num, n)
     join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.num
   where i.indrelid = $1::regclass and i.indisprimary and a.attname <> 'tenant_id') as key`;

/** Reads a tenant's whole table in batches along its primary key, each batch in its own transaction. */
@Injectable()
export class TableReader {
  private readonly plan: ReadonlyMap<string, readonly string[]>;

  constructor(
    private readonly db: Database,
    @Inject(ROOMS) rooms: readonly Room[],
  ) {
    this.plan = exportPlan(rooms);
  }

  /** The names of exported tables. */
  get tables(): readonly string[] {
    return [...this.plan.keys()].toSorted();
  }

  /** One line of JSON per row, without the columns that are left out. Concurrent writes may or may not be included. */
  async *lines(tenantId: string, table: string): AsyncGenerator<string> {
    const shape = await this.db.inTenant(tenantId, (tx) => this.shapeOf(tx, table));
    let place: readonly string[] | undefined;
    for (;;) {
      const from = place;
      const rows = await this.db.inTenant(tenantId, (tx) => batch(tx, table, shape, from));
      for (const { line } of rows) yield `${line}\n`;
      place = rows.at(-1)?.place;
      if (rows.length < BATCH || shape.key.length === 0) return;
    }
  }

  private async shapeOf(tx: TenantTx, table: string): Promise<Shape> {
    const [shape] = await tx.query<Shape>(SHAPE, [table]);
    const kept = this.plan.get(table);
    if (shape === undefined || kept === undefined) throw new Error(`${table} is not exported`);
    return { ...shape, columns: shape.columns.filter((column) => !kept.includes(column)) };
  }
}

// Table and column names come from the catalogue and our own cards.
function batch(tx: TenantTx, table: string, { columns, key }: Shape, from?: readonly string[]): Promise<Line[]> {
  const names = key.map(({ name }) => `t.${name}`);
  const after = key.map(({ type }, i) => `$${i + 2}::${type}`);
  const beyond = from === undefined ? '' : `and (${names.join(', ')}) > (${after.join(', ')})`;
  return tx.query<Line>(
    `select (select row_to_json(r)::text from (select ${columns.map((name) => `t.${name}`).join(', ')}) r) as line,
       array[${names.map((name) => `${name}::text`).join(', ')}]::text[] as place
     from ${table} t where t.tenant_id = $1 ${beyond} ${names.length === 0 ? '' : `order by ${names.join(', ')}`} limit ${BATCH}`,
    [tx.tenantId, ...(from ?? [])],
  );
}
