import pg from 'pg';
import { checkBooksBy, report } from '../scripts/books.mjs';

/** Some tests report one charge to two bots, which Telegram never does. */
const EXCEPT = ['charge_of_two_bots'];

/** The tables whose rows come with the schema. */
const REFERENCE = ['migrations', 'plans'];

/** Changes whenever a suite changes the schema or the reference tables, even if it changes them back. */
const FINGERPRINT = `
  select md5(concat(
    (select string_agg(oid || ':' || xmin, ',' order by oid) from pg_class where relnamespace in ('public'::regnamespace, 'starwall_partitions'::regnamespace)),
    (select string_agg(oid || ':' || xmin, ',' order by oid) from pg_proc where pronamespace = 'public'::regnamespace),
    (select string_agg(oid || ':' || xmin, ',' order by oid) from pg_constraint where connamespace = 'public'::regnamespace),
    (select string_agg(oid || ':' || xmin, ',' order by oid) from pg_policy),
    (select string_agg(oid || ':' || xmin, ',' order by oid) from pg_trigger where not tgisinternal),
    ${REFERENCE.map((table) => `(select string_agg(xmin::text, ',' order by xmin::text) from ${table})`).join(', ')}
  )) as fingerprint`;

const WIPE = `
  begin;
  set local session_replication_role = replica;
  do $$
  declare each regclass;
  begin
    for each in select oid from pg_class
      where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relname <> all ('{${REFERENCE.join()}}')
    loop execute format('delete from %s', each); end loop;
  end $$;
  commit`;

const OTHERS_END = `
  select pg_terminate_backend(pid) from pg_stat_activity
  where datname = current_database() and pid not in (pg_backend_pid(), $1)`;

/**
 * The database of one worker of the test runner, copied from the migrated one. Its suites share it and each finds it empty, because copying
 * it for each of 150 suites took a quarter of a second each.
 */
export class SuiteDatabase {
  #fingerprint;
  #reader;
  #wiper;

  constructor(name) {
    this.name = name;
  }

  async open() {
    if (this.#fingerprint !== undefined) return;
    await Promise.all([this.#reader?.end(), this.#wiper?.end()]);
    const admin = await connect('postgres');
    await admin.query(`drop database if exists ${this.name} with (force)`);
    await admin.query(`create database ${this.name} template starwall`);
    await admin.end();
    // Two connections, because a change of session_replication_role discards the plans of its connection.
    this.#reader = await connect(this.name);
    this.#wiper = await connect(this.name);
    this.#fingerprint = await this.#look();
  }

  /** Checks the ledger and empties the database. Temporary states are not checked, because tests interrupt work. */
  async close() {
    try {
      const violated = await checkBooksBy(this.#reader, { olderThan: '1 hour', except: EXCEPT });
      if (violated.length > 0) throw new Error(`The suite left inconsistent books.\n${report(violated)}`);
    } finally {
      await this.#empty();
    }
  }

  async #empty() {
    await this.#wiper.query(OTHERS_END, [this.#reader.processID]);
    if ((await this.#look()) === this.#fingerprint) await this.#wiper.query(WIPE);
    else this.#fingerprint = undefined;
  }

  async #look() {
    const { rows } = await this.#reader.query({ name: 'fingerprint', text: FINGERPRINT });
    return rows[0].fingerprint;
  }
}

/** Opens a connection that does not keep the test runner's worker alive. */
async function connect(database) {
  const client = new pg.Client(`${process.env.TEST_PG_OWNER}/${database}`);
  await client.connect();
  client.unref();
  return client;
}
