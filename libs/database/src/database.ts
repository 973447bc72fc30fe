import { AsyncLocalStorage } from 'node:async_hooks';
import type { PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import { databaseWaits, reports, secondsSince } from '#libs/metrics';
import { persisting } from './persisting.js';
import { exactTime, type Replica } from './replica.js';
import type { Role } from './rights.js';
import { Session } from './session.js';
import { StatementNames } from './statement-names.js';
import { named } from './trouble.js';
import { PlatformTx, TenantTx } from './tx.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** serialization_failure and deadlock_detected: the whole transaction can be retried. */
const RETRYABLE = new Set(['40001', '40P01']);
const TRIES = 5;
const errorCode = (error: unknown) => (error as { code?: string } | undefined)?.code;

/**
 * `durably`: the commit waits for the disk. `soon`: for queues. The commit does not wait, and reaches the disk within a
 * fraction of a second; each statement is planned once per connection, to read its tables by their indexes.
 */
export type Commit = 'durably' | 'soon';

/** The first statement of a transaction. Its settings apply until the end of the transaction. */
interface Opening {
  readonly role: Role;
  readonly sql: string;
  readonly values: readonly unknown[];
}

type Settings = Readonly<Record<string, string>>;

/** Plans are kept: one made when a table was nearly empty must not scan the table after it has grown. */
const BY_INDEX: Settings = { enable_seqscan: 'off', jit: 'off' };
const OF_QUEUES: Settings = {
  ...BY_INDEX,
  enable_bitmapscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  enable_sort: 'off',
  plan_cache_mode: 'force_generic_plan',
  synchronous_commit: 'off',
};

const opening = (role: Role, settings: Settings): string =>
  [`select set_config('role', '${role}', true)`]
    .concat(Object.entries(settings).map(([name, value]) => `set_config('${name}', '${value}', true)`))
    .join(', ');

type Work<T> = (session: Session, topics: Set<string>) => Promise<T>;

const afterwards = new AsyncLocalStorage<(() => void)[]>();

/**
 * Runs `work` after the transaction that {@link Database.inOneTransaction} has opened around the caller, whether it
 * committed or not; at once when there is none. For invalidating cached rows: a read before the commit would cache the
 * old ones.
 */
export function afterCommit(work: () => void): void {
  const waiting = afterwards.getStore();
  if (waiting === undefined) work();
  else waiting.push(work);
}

/**
 * The only access to the database. Both methods run `work` in one transaction: commit when it resolves, roll back when
 * it throws. After a deadlock or serialization failure `work` is run again, up to five times in all, so it must have no
 * effect outside the database. `work` must not call the network.
 * @throws DatabaseBusy, DatabaseAway, DatabaseFull when the server cannot run the transaction now
 */
export class Database {
  private readonly joined = new AsyncLocalStorage<TenantTx>();
  private readonly listeners: Array<(topics: ReadonlySet<string>) => void> = [];
  private readonly ofTenant: string;
  private readonly ofReport: string;
  private readonly ofPlatform: Readonly<Record<Commit, string>>;

  /**
   * @param looksUp true for a process that only looks up single rows and runs no reports: tables are read by their
   * indexes
   * @param replica serves reports; undefined: the primary does
   */
  constructor(
    private readonly source: DataSource,
    private readonly names = new StatementNames(),
    looksUp = false,
    private readonly replica?: Replica,
  ) {
    const settings = looksUp ? BY_INDEX : {};
    this.ofTenant = `${opening('starwall_app', settings)}, set_config('app.tenant_id', $1, true)`;
    this.ofReport = `${this.ofTenant}, set_config('transaction_read_only', 'on', true)`;
    this.ofPlatform = {
      durably: opening('starwall_platform', settings),
      soon: opening('starwall_platform', OF_QUEUES),
    };
  }

  /** @param hear is called after each commit with announcements; it must not throw. See `TenantTx.announce` */
  listen(hear: (topics: ReadonlySet<string>) => void): void {
    this.listeners.push(hear);
  }

  /** @param tenantId a UUID; row-level security shows only this tenant's rows, for this transaction. */
  inTenant<T>(tenantId: string, work: (tx: TenantTx) => Promise<T>): Promise<T> {
    if (!UUID.test(tenantId)) return Promise.reject(new TypeError('a tenant id is a UUID'));
    const outer = this.joined.getStore();
    if (outer?.tenantId === tenantId) return work(outer);
    const first: Opening = { role: 'starwall_app', sql: this.ofTenant, values: [tenantId] };
    return this.retrying(first, (session, topics) => work(new TenantTx(session, topics, tenantId)));
  }

  /**
   * Reads what may be slightly old, in a read-only transaction: from the replica if there is one, otherwise, or while it
   * is away or lags, from the primary. `work` gets the time until which it sees everything, as ISO 8601 with
   * microseconds; it may run twice, and each of its statements sees what is committed by then.
   * @param notBefore the time that an earlier page of the same report got
   */
  async inReport<T>(tenantId: string, work: (tx: TenantTx, asOf: string) => Promise<T>, notBefore = ''): Promise<T> {
    if (!UUID.test(tenantId)) throw new TypeError('a tenant id is a UUID');
    const first: Opening = { role: 'starwall_app', sql: this.ofReport, values: [tenantId] };
    const reading =
      (asOfIn: (tx: TenantTx) => Promise<string>): Work<T> =>
      async (session, topics) => {
        const tx = new TenantTx(session, topics, tenantId);
        return work(tx, await asOfIn(tx));
      };
    const found = await this.replica?.read(notBefore, (source, names, asOfIn) =>
      this.once(first, reading(asOfIn), source, names),
    );
    if (found !== undefined) return found.value;
    if (this.replica === undefined) reports.inc({ outcome: 'primary' });
    return this.retrying(first, reading(now));
  }

  /**
   * Like {@link inTenant}, but every `inTenant` for this tenant within `work`, at any depth, joins this transaction
   * instead of opening its own. Use it to make a whole request one transaction; `work` must not do anything outside the
   * database.
   */
  async inOneTransaction<T>(tenantId: string, work: (tx: TenantTx) => Promise<T>): Promise<T> {
    // This one is nested in another, whose commit is the one that counts.
    if (this.joined.getStore()?.tenantId === tenantId) return this.inTenant(tenantId, work);
    let after: (() => void)[] = [];
    try {
      return await this.inTenant(tenantId, (tx) => {
        after = [];
        return afterwards.run(after, () => this.joined.run(tx, () => work(tx)));
      });
    } finally {
      for (const each of after) each();
    }
  }

  /**
   * Like {@link inTenant}, for recording something that has already happened outside: a message was sent, a response
   * arrived; and for the steps of long work that an operator has begun. While the database is busy or down it retries,
   * for two minutes at most, because otherwise the call outside, or the operator, would have to begin again. After a commit whose confirmation was lost, `work` runs again, so it must be idempotent.
   */
  confirm<T>(tenantId: string, work: (tx: TenantTx) => Promise<T>): Promise<T> {
    return persisting(() => this.inTenant(tenantId, work));
  }

  /** {@link confirm} across tenants. */
  confirmInPlatform<T>(reason: string, work: (tx: PlatformTx) => Promise<T>, commit?: Commit): Promise<T> {
    return persisting(() => this.inPlatform(reason, work, commit));
  }

  /**
   * Crosses tenants: only for sign-in, claiming work, staff and sweepers.
   * @param _reason the reason, for readers and for searching
   */
  inPlatform<T>(_reason: string, work: (tx: PlatformTx) => Promise<T>, commit: Commit = 'durably'): Promise<T> {
    const first: Opening = { role: 'starwall_platform', sql: this.ofPlatform[commit], values: [] };
    return this.retrying(first, (session, topics) => work(new PlatformTx(session, topics)));
  }

  private async retrying<T>(first: Opening, work: Work<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.once(first, work);
      } catch (error) {
        if (attempt >= TRIES || !(error instanceof Again || RETRYABLE.has(String(errorCode(error)))))
          throw named(error);
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * 2 ** attempt));
      }
    }
  }

  private async once<T>(
    { role, sql, values }: Opening,
    work: Work<T>,
    source = this.source,
    names = this.names,
  ): Promise<T> {
    const runner = source.createQueryRunner();
    const topics = new Set<string>();
    const began = performance.now();
    const client = (await runner.connect()) as PoolClient;
    databaseWaits.observe(secondsSince(began));
    const session = new Session(runner, client, role, names);
    try {
      // Role, tenant and the first statements of the work take one round trip. If the first one fails, the server skips
      // the others.
      const [begun, done] = await Promise.allSettled([session.send(sql, values), work(session, topics)]);
      if (begun.status === 'rejected') throw begun.reason;
      if (done.status === 'rejected') throw done.reason;
      await session.commit();
      if (topics.size > 0) for (const hear of this.listeners) hear(topics);
      return done.value;
    } catch (error) {
      await session.rollBack();
      const first = session.failed;
      if (first !== undefined && names.isAbout(errorCode(first), first.message)) throw new Again(first);
      throw error;
    } finally {
      await session.end();
    }
  }
}

async function now(tx: TenantTx): Promise<string> {
  const [row] = await tx.query<{ asOf: string }>(`select ${exactTime('now()')} as "asOf"`);
  return row?.asOf ?? '';
}

/** Thrown when a transaction failed because of a statement's name and can be retried. */
class Again extends Error {
  constructor(override readonly cause: Error) {
    super(cause.message);
  }
}
