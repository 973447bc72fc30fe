import { DataSource, EntitySchema, type EntityMetadata } from 'typeorm';
import { makeDataSource } from '#libs/database';
import { openAsOwner, testDatabaseUrl } from '../support/database.js';
import { loadEntities } from './entities.js';

interface Column {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly key: boolean;
}

const said = ({ type, nullable, key }: Column) => `${type}${nullable ? ', may be null' : ''}${key ? ', key' : ''}`;

const columnsOf = (entity: EntityMetadata): Column[] =>
  entity.columns.map((column) => ({
    table: entity.tableName,
    name: column.databaseName,
    type: `${entity.connection.driver.normalizeType(column)}${column.isArray ? '[]' : ''}`,
    nullable: column.isNullable,
    key: column.isPrimary,
  }));

async function columnsInDatabase(db: DataSource): Promise<Column[]> {
  return db.query(`
    select c.relname as "table", a.attname as name, format_type(a.atttypid, a.atttypmod) as type, not a.attnotnull as nullable,
           exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary and a.attnum = any (i.indkey)) as key
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')`);
}

/** One sentence for each column on which the entities and the database do not agree. */
function drift(entities: readonly EntityMetadata[], database: readonly Column[]): string[] {
  const nameOf = (column: Column) => `${column.table}.${column.name}`;
  const real = new Map(database.map((column) => [nameOf(column), column]));
  const found: string[] = [];
  for (const entity of entities) {
    const declared = new Map(columnsOf(entity).map((column) => [nameOf(column), column]));
    const missing = database.filter((column) => column.table === entity.tableName && !declared.has(nameOf(column)));
    found.push(...missing.map((column) => `${nameOf(column)}: the entity does not know it`));
    for (const [name, column] of declared) {
      const there = real.get(name);
      if (there === undefined) found.push(`${name}: not in the database`);
      else if (said(there) !== said(column))
        found.push(`${name}: entity says ${said(column)}; database says ${said(there)}`);
    }
  }
  return found.toSorted();
}

let owner: DataSource;
let inDatabase: Column[];

beforeAll(async () => {
  owner = await openAsOwner();
  inDatabase = await columnsInDatabase(owner);
});
afterAll(() => owner.destroy());

describe('entities and migrations', () => {
  it('agree on every column', async () => {
    const files = await loadEntities();
    const source = await makeDataSource(testDatabaseUrl(), {
      name: 'drift',
      size: 1,
      statementTimeoutMs: 2_000,
    }).initialize();
    const entities = source.entityMetadatas;
    await source.destroy();
    expect(entities.length).toBeGreaterThanOrEqual(files);
    expect(drift(entities, inDatabase)).toEqual([]);
  });

  it('would be found not to', async () => {
    const wrong = new EntitySchema({
      name: 'Wrong',
      tableName: 'price_versions',
      columns: {
        tenant_id: { type: 'uuid', primary: true },
        product_id: { type: 'uuid', primary: true },
        version: { type: 'bigint' },
        stars: { type: 'integer', nullable: true },
        colour: { type: 'text' },
      },
    });
    const source = await new DataSource({ type: 'postgres', url: testDatabaseUrl(), entities: [wrong] }).initialize();
    const entities = source.entityMetadatas;
    await source.destroy();
    expect(drift(entities, inDatabase)).toEqual([
      'price_versions.colour: not in the database',
      'price_versions.created_at: the entity does not know it',
      'price_versions.stars: entity says integer, may be null; database says integer',
      'price_versions.version: entity says bigint; database says integer, key',
    ]);
  });
});
