import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { DataSource } from 'typeorm';
import { makeDataSource } from '#libs/database';
import { openAsOwner } from '../support/database.js';
import { newName, urlOf } from './fresh-database.js';
import { cleanTenant, type Rows } from './books-rows.js';
import type { BooksTenant } from './books-tenant.js';
import { PLANTS } from './books-plants.js';

interface Violation {
  readonly name: string;
  readonly rows: readonly Record<string, unknown>[];
}

const database = newName();
const names = [...readFileSync('test/support/invariants.sql', 'utf8').matchAll(/^-- invariant: (\w+)$/gm)].map(
  ([, name]) => String(name),
);
const planted = new Map<string, BooksTenant>();
let owner: DataSource;
let scratch: DataSource;
let onClean: Books;
let onPlanted: Books;

interface Books {
  readonly code: number;
  readonly said: string;
  readonly violations: readonly Violation[];
}

/** Runs `npm run books`. */
function books(env: Readonly<Record<string, string>>, ...args: string[]): Promise<Books> {
  return new Promise((resolve) => {
    const options = { env: { PATH: process.env['PATH'] ?? '', ...env }, maxBuffer: 1 << 24 };
    execFile(process.execPath, ['scripts/books.mjs', ...args], options, (error, stdout, stderr) => {
      const violations = stdout.startsWith('[') ? (JSON.parse(stdout) as Violation[]) : [];
      resolve({ code: error === null ? 0 : Number(error.code), said: stdout + stderr, violations });
    });
  });
}

beforeAll(async () => {
  owner = await openAsOwner();
  await owner.query(`create database ${database} template starwall`);
  scratch = await makeDataSource(urlOf(database), { name: 'books', size: 1, statementTimeoutMs: 30_000 }).initialize();
  await cleanTenant(scratch);
  onClean = await books({ DATABASE_BOOKS_URL: urlOf(database) }, '--json');
  await dropConstraints(scratch);
  for (const [name, plant] of Object.entries(PLANTS)) {
    const t = await cleanTenant(scratch);
    planted.set(name, t);
    await plant(scratch, t);
  }
  onPlanted = await books({ DATABASE_BOOKS_URL: urlOf(database) }, '--json');
}, 240_000);

afterAll(async () => {
  await scratch.destroy();
  await owner.query(`drop database ${database} with (force)`);
  await owner.destroy();
});

/** Drops the constraints, because violations that they forbid can only be planted without them. */
async function dropConstraints(source: DataSource): Promise<void> {
  const found: Rows = await source.query(
    `select conrelid::regclass::text as t, conname as name from pg_constraint
     where connamespace = 'public'::regnamespace and contype in ('f', 'c', 'p', 'u') order by contype = 'f' desc`,
  );
  for (const { t, name } of found) await source.query(`alter table ${String(t)} drop constraint "${String(name)}"`);
  const unique: Rows = await source.query(
    `select indexrelid::regclass::text as name from pg_index join pg_class c on c.oid = indexrelid
     where indisunique and c.relnamespace = 'public'::regnamespace`,
  );
  for (const { name } of unique) await source.query(`drop index ${String(name)}`);
}

describe('npm run books', () => {
  it('finds no violation after a sale, a refund and credits', () => {
    expect(onClean).toMatchObject({ code: 0, said: '[]\n', violations: [] });
  });

  it('has a planted violation for every invariant', () => {
    expect(Object.keys(PLANTS).sort()).toEqual([...names].sort());
  });

  it.each(names)('reports %s', (name) => {
    const rows = onPlanted.violations.find((violation) => violation.name === name)?.rows ?? [];
    const { tenant, mark } = planted.get(name) ?? { tenant: '', mark: '' };
    expect(rows.map((row) => JSON.stringify(row))).toContainEqual(
      expect.stringMatching(new RegExp(`${tenant}|${mark}`)),
    );
  });

  it('exits with 1 and describes the violation when there is any', async () => {
    const told = await books({ DATABASE_OWNER_URL: urlOf(database) });
    expect(told.code).toBe(1);
    expect(told.said).toContain('An order counts as paid, but neither a charge nor credits paid for it.');
  });

  it('tolerates states that may be temporary', async () => {
    const patient = await books({ DATABASE_BOOKS_URL: urlOf(database) }, '--json', '--older-than', '400 days');
    const found = patient.violations.map((violation) => violation.name);
    expect(found).not.toContain('event_not_relayed');
    expect(found).toContain('posting_not_zero');
  });

  it('refuses a login that cannot see every tenant, and explains how to get one', async () => {
    const refused = await books({ DATABASE_BOOKS_URL: `${process.env['TEST_PG']}/${database}` });
    expect(refused.code).toBe(2);
    expect(refused.said).toContain('does not see every tenant');
    expect(refused.said).toContain('create role starwall_books login bypassrls');
  });

  it('asks for a database if none is given', async () => {
    expect(await books({})).toMatchObject({ code: 2, said: expect.stringContaining('DATABASE_BOOKS_URL') });
  });
});
