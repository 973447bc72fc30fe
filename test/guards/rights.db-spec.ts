import type { DataSource } from 'typeorm';
import { openAsOwner } from '../support/database.js';
import { ALL_ROOMS } from '#libs/rooms';
import { tenantTables } from './catalogue.js';

const cards = new Map(ALL_ROOMS.flatMap((room) => Object.entries(room.ofTenants)));
const staying = (table: string): readonly string[] | undefined => {
  const leaves = cards.get(table)?.export;
  return leaves !== undefined && 'without' in leaves ? leaves.without : undefined;
};

let owner: DataSource;
let tables: string[];
let columns: { readonly table: string; readonly name: string; readonly type: string }[];

beforeAll(async () => {
  owner = await openAsOwner();
  tables = await tenantTables(owner);
  columns = await owner.query(
    `select c.relname as "table", a.attname as name, format_type(a.atttypid, a.atttypmod) as type
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relnamespace = 'public'::regnamespace and c.relname = any($1)`,
    [tables],
  );
});
afterAll(() => owner.destroy());

const named = ({ table, name }: { table: string; name: string }) => `${table}.${name}`;

it('every tenant table has one card', () => {
  const named = ALL_ROOMS.flatMap((room) => Object.keys(room.ofTenants));
  expect(named.toSorted()).toEqual(tables);
});

describe('the export of a workspace', () => {
  it('contains no encrypted columns and no identifiers of secrets', () => {
    const secret = columns.filter(({ name }) => /sealed|hash|secret|lease/.test(name) && !/until$|sha256/.test(name));
    const leaving = secret.filter(({ table, name }) => staying(table)?.includes(name) === false);
    expect(leaving.map(named)).toEqual([]);
  });

  it('has no binary columns other than checksums', () => {
    const binary = columns.filter(
      ({ table, name, type }) => type === 'bytea' && staying(table)?.includes(name) === false,
    );
    expect(binary.map(named).toSorted()).toEqual([
      'files.sha256',
      'terms_consents.text_sha256',
      'webhook_attempts.body_sha256',
    ]);
  });

  it('omits only existing columns', () => {
    const known = new Set(columns.map(named));
    const left = [...cards.keys()].flatMap((table) => (staying(table) ?? []).map((name) => named({ table, name })));
    expect(left.filter((column) => !known.has(column))).toEqual([]);
  });
});

describe('the erasure of a buyer', () => {
  it("covers every table that refers to a buyer, or that contains a buyer's texts or documents", () => {
    const naming = columns.filter(
      ({ table, name }) => name === 'buyer_id' || (name === 'telegram_id' && table !== 'bots' && table !== 'chats'),
    );
    const kept = naming.filter(({ table }) => !('erases' in (cards.get(table)?.erasure ?? {})));
    expect(kept.map(named)).toEqual([]);
  });
});
