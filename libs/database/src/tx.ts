import type { EntityManager } from 'typeorm';
import type { Session } from './session.js';

abstract class Tx {
  constructor(
    readonly session: Session,
    /** See {@link announce}. */
    protected readonly topics: Set<string>,
  ) {}

  /** For rows of one table, as they are. */
  get manager(): EntityManager {
    return this.session.manager;
  }

  /** Tells everybody who listens to the database (`Database.listen`) once this is committed: each topic once, and none after a rollback. */
  announce(topic: string): void {
    this.topics.add(topic);
  }

  /** One statement with parameters; rows as the driver gives them. It is prepared when it is sent often. */
  async query<Row = Record<string, unknown>>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return (await this.session.send(sql, parameters)).rows as Row[];
  }
}

/**
 * Proves two things at once: a transaction is open, and row-level security lets it see exactly this tenant. It is the first
 * parameter of every function that touches a tenant's rows, and there is no other way to them.
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

/** A transaction that sees every tenant. Made by {@link Database.inPlatform} only. */
export class PlatformTx extends Tx {
  readonly scope = 'platform';

  /** The same transaction, for a function that works on one tenant's rows. Row-level security stays wide open. */
  asTenant(tenantId: string): TenantTx {
    return new TenantTx(this.session, this.topics, tenantId);
  }
}
