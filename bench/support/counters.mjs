import pg from 'pg';
import { pause } from '../../test/chaos/random.mjs';

/** Milliseconds after which PostgreSQL's idle sessions have reported their transactions (PGSTAT_IDLE_INTERVAL and a second). */
const REPORTED_MS = 11_000;
const CONTROL = String.raw`^\s*(begin|commit|rollback|start|savepoint|release|set|select set_config|listen|unlisten|notify|discard|deallocate)`;

/** Settings that load pg_stat_statements; it counts nothing until {@link Counters.on}. */
export const COUNTING = [
  'shared_preload_libraries=pg_stat_statements',
  'pg_stat_statements.max=10000',
  'pg_stat_statements.track_planning=on',
];

/**
 * Statements and transactions of one database, from pg_stat_statements and pg_stat_database. It works from another
 * database, so its own transactions are excluded, and so are statements of the owner.
 */
export class Counters {
  static async connect(ownerUrl) {
    const url = Object.assign(new URL(ownerUrl), { pathname: '/postgres' });
    const counters = Object.assign(new Counters(), { client: new pg.Client(url.href) });
    await counters.client.connect();
    await counters.client.query('create extension if not exists pg_stat_statements');
    await counters.#track('none');
    return counters;
  }

  on = () => this.#track('top');
  off = () => this.#track('none');
  end = () => this.client.end();

  async #track(what) {
    await this.client.query(`alter system set pg_stat_statements.track = '${what}'`);
    await this.client.query('select pg_reload_conf()');
    await pause(300);
  }

  /**
   * Counts the effects of `work` up to its end; transactions of idle processes during the wait for the figures are
   * subtracted.
   * @returns calls of `statements`, `control` ones among them (begin, commit, set), `transactions`, and `plans` per
   * call of the others
   */
  async count(database, work) {
    await pause(REPORTED_MS);
    const first = await this.#transactions(database);
    await pause(REPORTED_MS);
    const second = await this.#transactions(database);
    await this.client.query('select pg_stat_statements_reset()');
    await work();
    const statements = await this.statements(database);
    await pause(REPORTED_MS);
    const third = await this.#transactions(database);
    const idle = second - first;
    const sum = (rows, field) => rows.reduce((total, row) => total + Number(row[field]), 0);
    const real = statements.filter((row) => !row.control);
    return {
      statements: sum(statements, 'calls'),
      control: sum(statements, 'calls') - sum(real, 'calls'),
      transactions: third - second - idle,
      plans: sum(real, 'plans') / sum(real, 'calls'),
      idle_transactions_per_second: (idle / REPORTED_MS) * 1_000,
      most: statements,
    };
  }

  /** Statements since the last reset, the costliest first. */
  async statements(database) {
    const { rows } = await this.client.query(
      `select s.calls, s.plans, round(s.total_plan_time::numeric) as plan_ms, round(s.total_exec_time::numeric) as exec_ms,
         s.query ~* $2 as control, regexp_replace(s.query, '\\s+', ' ', 'g') as query
       from pg_stat_statements s join pg_database d on d.oid = s.dbid
       where d.datname = $1 and s.userid <> (select oid from pg_roles where rolname = current_user)
       order by s.total_plan_time + s.total_exec_time desc`,
      [database, CONTROL],
    );
    return rows;
  }

  async #transactions(database) {
    const { rows } = await this.client.query(
      'select (xact_commit + xact_rollback)::int as n from pg_stat_database where datname = $1',
      [database],
    );
    return rows[0].n;
  }
}
