import type { EntityManager } from 'typeorm';
import type { Session } from './session.js';

abstract class Tx {
  constructor(
    readonly session: Session,
    /** See {@link announce}. */
    protected readonly topics: Set<string>,
  ) {}

  /** TypeORM, for plain reads and writes of one table. */
  get manager(): EntityManager {
    return this.session.manager;
  }

  /**
   * Notifies the database's listeners (`Database.listen`) after the commit: once per topic, and not after a rollback.
   */
  announce(topic: string): void {
    this.topics.add(topic);
  }

  /** Runs one statement with parameters; returns the driver's rows. Frequent statements are prepared. */
  async query<Row = Record<string, unknown>>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return (await this.session.send(sql, parameters)).rows as Row[];
  }

  /**
   * Runs the last statement of the transaction, which is committed in the same round trip. Later statements are
   * rejected, and an exception of the caller rolls nothing back.
   */
  async conclude<Row = Record<string, unknown>>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return (await this.session.send(sql, parameters, true)).rows as Row[];
  }
}

/**
 * Proves that a transaction is open, and that row-level security restricts it to exactly this tenant. It is the first
 * parameter of every function that touches a tenant's rows, and there is no other access to them.
 */
export class TenantTx extends Tx {
  readonly scope = 'tenant';

  constructor(
    session: Session,
    topics: Set<string>,
    readonly tenantId: string,
  ) {
    super(session, topics);
  }
}

/** A transaction that sees every tenant. Created by {@link Database.inPlatform} only. */
export class PlatformTx extends Tx {
  readonly scope = 'platform';

  /**
   * Returns this transaction for a function that works on one tenant's rows. Row-level security does not restrict it.
   */
  asTenant(tenantId: string): TenantTx {
    return new TenantTx(this.session, this.topics, tenantId);
  }
}
