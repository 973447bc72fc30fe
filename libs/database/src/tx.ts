import type { EntityManager } from 'typeorm';

abstract class Tx {
  constructor(
    readonly manager: EntityManager,
    /** See {@link announce}. */
    protected readonly topics: Set<string>,
  ) {}

  /** Tells everybody who listens to the database (`Database.listen`) once this is committed: each topic once, and none after a rollback. */
  announce(topic: string): void {
    this.topics.add(topic);
  }

  /** One statement with parameters; rows as the driver gives them. */
  async query<Row = Record<string, unknown>>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    const result: unknown = await this.manager.query(sql, [...parameters]);
    // For UPDATE and DELETE TypeORM answers [rows, count], for everything else the rows.
    const isPair =
      Array.isArray(result) && result.length === 2 && Array.isArray(result[0]) && typeof result[1] === 'number';
    return (isPair ? result[0] : result) as Row[];
  }

  /**
   * The same for a statement that is costly to plan and often asked: each connection parses it once and keeps its plan.
   * @param name names this text and no other
   */
  async prepared<Row = Record<string, unknown>>(
    name: string,
    sql: string,
    parameters: readonly unknown[],
  ): Promise<Row[]> {
    // TypeORM hands on to the driver what it gets, and the driver takes a name beside the text. Another way to the connection would
    // overtake statements that are on their way.
    return this.query<Row>({ name, text: sql } as unknown as string, parameters);
  }
}

/**
 * Proves two things at once: a transaction is open, and row-level security lets it see exactly this tenant. It is the first
 * parameter of every function that touches a tenant's rows, and there is no other way to them.
 */
export class TenantTx extends Tx {
  readonly scope = 'tenant';

  constructor(
    manager: EntityManager,
    topics: Set<string>,
    readonly tenantId: string,
  ) {
    super(manager, topics);
  }
}

/** A transaction that sees every tenant. Made by {@link Database.inPlatform} only. */
export class PlatformTx extends Tx {
  readonly scope = 'platform';

  /** The same transaction, for a function that works on one tenant's rows. Row-level security stays wide open. */
  asTenant(tenantId: string): TenantTx {
    return new TenantTx(this.manager, this.topics, tenantId);
  }
}
