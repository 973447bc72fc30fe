import pg from 'pg';
import { checkBooks, report } from '../scripts/books.mjs';

/** Some tests report one charge to two bots, which Telegram never does. */
const EXCEPT = ['charge_of_two_bots'];

/** Tables whose rows come with the schema. */
const REFERENCE = ['migrations', 'plans'];

/** Changes whenever a suite changes the schema or the reference tables, even if it changes them back. */
const FINGERPRINT = `
  select md5(concat(
    (select string_agg(oid || ':' || xmin, ',' order by oid) from pg_class where relnamespace = 'public'::regnamespace),
    (select string_agg(oid || ':' || xmin, ',' order by oid) from pg_proc where pronamespace = 'public'::regnamespace),
    (select string_agg(oid || ':' || xmin, ',' order by oid) from pg_constraint where connamespace = 'public'::regnamespace),
    (select string_agg(oid || ':' || xmin, ',' order by oid) from pg_policy),
    (select string_agg(oid || ':' || xmin, ',' order by oid) from pg_trigger where not tgisinternal),
    ${REFERENCE.map((table) => `(select string_agg(xmin::text, ',' order by xmin::text) from ${table})`).join(', ')}
  )) as fingerprint`;

const WIPE = `
  set session_replication_role = replica;
  do $$
  declare each regclass;
  begin
    for each in select oid from pg_class
      where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relname <> all ('{${REFERENCE.join()}}')
    loop execute format('delete from %s', each); end loop;
  end $$`;

/**
 * The database of one worker of the runner, copied from the migrated one. Suites take turns with it and each finds it
 * empty: copying it for each suite took a quarter of a second for each of 150 suites.
 */
export class SuiteDatabase {
  #fingerprint;

  constructor(name) {
    this.name = name;
  }

  async open() {
    if (this.#fingerprint !== undefined) return;
    await query('postgres', `drop database if exists ${this.name} with (force)`);
    await query('postgres', `create database ${this.name} template starwall`);
    this.#fingerprint = await this.#look();
  }

  /** Checks the books and empties the database. Temporary states are not checked, because tests stop work half-way. */
  async close() {
    try {
      const violated = await checkBooks(`${process.env.TEST_PG_OWNER}/${this.name}`, {
        olderThan: '1 hour',
        except: EXCEPT,
      });
      if (violated.length > 0) throw new Error(`The suite left books that are not in order.\n${report(violated)}`);
    } finally {
      await this.#empty();
    }
  }

  async #empty() {
    await query(
      this.name,
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
    if ((await this.#look()) === this.#fingerprint) await query(this.name, WIPE);
    else this.#fingerprint = undefined;
  }

  async #look() {
    const { rows } = await query(this.name, FINGERPRINT);
    return rows[0].fingerprint;
  }
}

async function query(database, sql) {
  const client = new pg.Client(`${process.env.TEST_PG_OWNER}/${database}`);
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}
