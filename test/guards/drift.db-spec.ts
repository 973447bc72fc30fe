import { DataSource, EntitySchema, type EntityMetadata } from 'typeorm';
import { LICENCE_KEY_STATES, MEDIA_TYPES, PRODUCT_KINDS, PRODUCT_STATES } from '#libs/catalog';
import { ACCESS_STATES, ADMISSIONS, CHAT_TYPES, POST_STATES, POST_WAYS } from '#libs/chats';
import { makeDataSource } from '#libs/database';
import { WAITS_FOR } from '#libs/journal';
import { MAIL_ALERT_KINDS } from '#libs/delivery';
import { LETTER_KINDS } from '#libs/mail';
import { LIMITS } from '#libs/quotas';
import { PROMO_STATES } from '#libs/sales';
import { SPENDING_KINDS, SPENDING_STATES } from '#libs/spending';
import { STAFF_ROLES } from '#libs/staff';
import { BOT_ENVIRONMENTS, LINK_PURPOSES, TENANT_STATES, VIEWED_LISTS } from '#libs/tenants';
import { LANGUAGES } from '#libs/texts';
import { BOT_STANDINGS } from '../../libs/chats/src/chat.js';
import { STRAY_KINDS, STRAY_REASONS } from '../../libs/sales/src/strays/stray-payment.js';
import { FILE_KINDS } from '../../libs/support/src/support.js';
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

/** Returns one sentence for each column on which the entities and the database disagree. */
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

  it('are reported when they disagree', async () => {
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

/** Columns whose values come from a list in the code. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  'products.kind': PRODUCT_KINDS,
  'products.state': PRODUCT_STATES,
  'licence_keys.state': LICENCE_KEY_STATES,
  'paid_media_items.type': MEDIA_TYPES,
  'bot_texts.language': LANGUAGES,
  'bots.environment': BOT_ENVIRONMENTS,
  'tenants.state': TENANT_STATES,
  'staff_accounts.role': STAFF_ROLES,
  'limit_overrides.name': LIMITS,
  'jobs.waits_for': WAITS_FOR,
  'chats.type': CHAT_TYPES,
  'chats.standing': BOT_STANDINGS,
  'chats.admission': ADMISSIONS,
  'chat_accesses.state': ACCESS_STATES,
  'product_posts.way': POST_WAYS,
  'product_posts.state': POST_STATES,
  'promo_codes.state': PROMO_STATES,
  'stray_payments.kind': STRAY_KINDS,
  'stray_payments.reason': STRAY_REASONS,
  'spendings.kind': SPENDING_KINDS,
  'spendings.state': SPENDING_STATES,
  'support_messages.file_kind': FILE_KINDS,
  'mails.kind': LETTER_KINDS,
  'mail_alert_paces.kind': MAIL_ALERT_KINDS,
  'order_views.list': VIEWED_LISTS,
  'account_links.purpose': LINK_PURPOSES,
};

it('the values allowed in a column are those of the list in the code', async () => {
  const checks = await owner.query<Array<{ column: string; text: string }>>(
    `select c.conrelid::regclass || '.' || a.attname as column, pg_get_constraintdef(c.oid) as text
     from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and array[a.attnum] = c.conkey
     where c.contype = 'c' and c.connamespace = 'public'::regnamespace and pg_get_constraintdef(c.oid) like '%= ANY (ARRAY[%'`,
  );
  const taken = (column: string) =>
    checks
      .filter((check) => check.column === column)
      .flatMap(({ text }) => [...text.matchAll(/'([^']+)'/g)].map(([, word]) => String(word)));
  const columns = Object.keys(WORDS);
  expect(Object.fromEntries(columns.map((column) => [column, taken(column).toSorted()]))).toEqual(
    Object.fromEntries(columns.map((column) => [column, [...(WORDS[column] ?? [])].toSorted()])),
  );
});
