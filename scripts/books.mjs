// Checks every invariant of test/support/invariants.sql against a database and prints the violations, in one read-only
// transaction. Exits with 1 when an invariant is violated, and with 2 when the check cannot run.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

const FILE = fileURLToPath(new URL('../test/support/invariants.sql', import.meta.url));
const ROWS_SHOWN = 5;

const HOW_TO_GET_A_LOGIN = `The check needs a login that sees every tenant; row-level security hides other tenants from the application's login.
Set DATABASE_BOOKS_URL to a read-only login. The database owner creates it with:

  create role starwall_books login bypassrls password '...';
  grant pg_read_all_data to starwall_books;

DATABASE_OWNER_URL, the login of \`npm run migrate\`, also works if it is a superuser.`;

/** Parses the file into one entry per invariant. @returns {{ name: string, sentence: string, sql: string }[]} */
export function readInvariants(text = readFileSync(FILE, 'utf8')) {
  return text
    .split(/^-- invariant: /m)
    .slice(1)
    .map((part) => {
      const [name = '', comment = '', ...lines] = part.split('\n');
      const sql = lines.join('\n').replace(/^-- == .*$/gm, '');
      return { name: name.trim(), sentence: comment.replace(/^-- /, ''), sql: sql.trim().replace(/;$/, '') };
    });
}

/**
 * @param {string} url a login that sees every tenant
 * @param {{ olderThan?: string, except?: readonly string[] }} options `olderThan` is a PostgreSQL interval:
 *   younger pending work is no violation
 * @returns {Promise<{ name: string, sentence: string, rows: Record<string, unknown>[] }[]>} the violations; empty if there are none
 */
export async function checkBooks(url, options) {
  const client = new pg.Client({ connectionString: url, application_name: 'starwall-books' });
  await client.connect();
  try {
    await assertSeesAll(client);
    return await checkBooksBy(client, options);
  } finally {
    await client.end();
  }
}

/**
 * The same on a connection that is open: its further checks plan nothing. `olderThan` must not change.
 * @param {pg.Client} client
 */
export async function checkBooksBy(client, { olderThan = '10 minutes', except = [] } = {}) {
  await client.query('begin isolation level repeatable read read only');
  try {
    const violated = [];
    for (const { name, sentence, sql } of readInvariants()) {
      if (except.includes(name)) continue;
      const text = sql.replaceAll(":'older_than'", client.escapeLiteral(olderThan));
      const { rows } = await client.query({ name, text }).catch((error) => {
        throw new Error(`The invariant ${name} cannot be checked: ${error.message}`, { cause: error });
      });
      if (rows.length > 0) violated.push({ name, sentence, rows });
    }
    return violated;
  } finally {
    await client.query('rollback');
  }
}

async function assertSeesAll(client) {
  const { rows } = await client.query(
    'select rolname, rolsuper or rolbypassrls as sees_all from pg_roles where rolname = current_user',
  );
  if (!rows[0]?.sees_all)
    throw new Error(`The login "${rows[0]?.rolname}" does not see every tenant. ${HOW_TO_GET_A_LOGIN}`);
}

/** Formats violations for people. */
export function report(violated) {
  return violated
    .map(({ name, sentence, rows }) => {
      const shown = rows.slice(0, ROWS_SHOWN).map((row) => `    ${JSON.stringify(row)}`);
      const more = rows.length > ROWS_SHOWN ? [`    and ${rows.length - ROWS_SHOWN} more`] : [];
      return [`${name}: ${rows.length} violations. ${sentence}`, ...shown, ...more].join('\n');
    })
    .join('\n');
}

function argument(name) {
  const at = process.argv.indexOf(name);
  return at === -1 ? undefined : process.argv[at + 1];
}

async function main() {
  const url = process.env.DATABASE_BOOKS_URL || process.env.DATABASE_OWNER_URL;
  if (!url) throw new Error(`No database is set. ${HOW_TO_GET_A_LOGIN}`);
  const began = performance.now();
  const violated = await checkBooks(url, { olderThan: argument('--older-than') ?? '10 minutes' });
  const took = `${readInvariants().length} invariants, ${Math.round(performance.now() - began)} ms`;
  if (process.argv.includes('--json')) console.log(JSON.stringify(violated));
  else console.log(violated.length === 0 ? `The books are in order (${took}).` : report(violated));
  if (violated.length === 0) return;
  console.error(`Violated: ${violated.length} of ${took}.`);
  process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main().catch((error) => {
    console.error(error.message);
    process.exitCode = 2;
  });
}
