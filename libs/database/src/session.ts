import type { PoolClient, QueryResult } from 'pg';
import { type EntityManager, QueryFailedError, type QueryRunner, QueryRunnerAlreadyReleasedError } from 'typeorm';
import type { Role } from './rights.js';
import type { StatementNames } from './statement-names.js';

/** A query result in TypeORM's structured form. */
interface StructuredResult {
  readonly raw: unknown;
  readonly records: unknown[];
  readonly affected: number | undefined;
}

/**
 * A transaction's access to its connection. Everything goes through {@link send}, including the entity manager's
 * statements, so that every statement can be prepared, and the statements of one event-loop turn leave in one packet.
 */
export class Session {
  /** The first error of this transaction: later ones are consequences of it. */
  failed: QueryFailedError | undefined;
  private corked = false;
  private over = false;

  constructor(
    private readonly runner: QueryRunner,
    private readonly client: PoolClient,
    private readonly role: Role,
    private readonly names: StatementNames,
  ) {
    Object.assign(runner, {
      isTransactionActive: true,
      query: async (text: string, parameters?: readonly unknown[], structured = false) => {
        const result = resultOf(await this.send(text, parameters));
        return structured ? result : result.raw;
      },
    });
  }

  get manager(): EntityManager {
    return this.runner.manager;
  }

  /**
   * Runs one statement with parameters. A text without parameters is sent as it is, and may contain several statements.
   * @throws QueryFailedError
   */
  async send<Row extends object = Record<string, unknown>>(
    text: string,
    parameters?: readonly unknown[],
  ): Promise<QueryResult<Row>> {
    if (this.over) throw new QueryRunnerAlreadyReleasedError();
    const values = [...(parameters ?? [])];
    const name = values.length === 0 ? undefined : this.names.nameOf(this.role, text);
    this.cork();
    try {
      return await this.client.query<Row>(name === undefined ? { text, values } : { name, text, values });
    } catch (error) {
      const failed = new QueryFailedError(text, values, error as Error);
      this.failed ??= failed;
      throw failed;
    }
  }

  /** Returns the connection to the pool. Later statements of this transaction are rejected. */
  async end(): Promise<void> {
    this.over = true;
    Object.assign(this.runner, { isTransactionActive: false });
    await this.runner.release();
  }

  /** Buffers writes until the end of this turn of the event loop: one packet and one system call instead of many. */
  private cork(): void {
    if (this.corked) return;
    this.corked = true;
    const { stream } = (
      this.client as unknown as { readonly connection: { readonly stream: NodeJS.WritableStream & Corked } }
    ).connection;
    stream.cork();
    process.nextTick(() => {
      this.corked = false;
      stream.uncork();
    });
  }
}

interface Corked {
  cork(): void;
  uncork(): void;
}

function resultOf(answer: QueryResult): StructuredResult {
  const { rows, rowCount, command } = answer;
  const raw = command === 'UPDATE' || command === 'DELETE' ? [rows, rowCount] : rows;
  return { raw, records: rows, affected: rowCount ?? undefined };
}
