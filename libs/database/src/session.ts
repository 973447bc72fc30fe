import type { PoolClient, QueryResult } from 'pg';
import { type EntityManager, QueryFailedError, type QueryRunner, QueryRunnerAlreadyReleasedError } from 'typeorm';
import { Conversation } from './conversation.js';
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
 * statements, so that every statement can be prepared.
 */
export class Session {
  /** The first error of this transaction: later ones are consequences of it. */
  failed: QueryFailedError | undefined;
  private readonly conversation: Conversation;
  private over = false;

  constructor(
    private readonly runner: QueryRunner,
    client: PoolClient,
    private readonly role: Role,
    private readonly names: StatementNames,
  ) {
    this.conversation = new Conversation(client);
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
   * Runs one statement with parameters. @param last true to commit with this statement; later ones are rejected
   * @throws QueryFailedError
   */
  async send<Row extends object = Record<string, unknown>>(
    text: string,
    parameters?: readonly unknown[],
    last = false,
  ): Promise<QueryResult<Row>> {
    if (this.over) throw new QueryRunnerAlreadyReleasedError();
    const values = [...(parameters ?? [])];
    const name = this.names.nameOf(this.role, text);
    return this.conversation
      .send<Row>(name === undefined ? { text, values } : { name, text, values }, last)
      .catch((error: Error) => this.fail(text, values, error));
  }

  /** @throws QueryFailedError when a statement has failed, or the commit: then nothing was written */
  async commit(): Promise<void> {
    await this.conversation.commit().catch((error: Error) => this.fail('commit', [], error));
  }

  rollBack(): Promise<void> {
    return this.conversation.rollBack();
  }

  /** Returns the connection to the pool. Later statements of this transaction are rejected. */
  async end(): Promise<void> {
    this.over = true;
    Object.assign(this.runner, { isTransactionActive: false });
    await this.runner.release();
  }

  private fail(text: string, values: unknown[], error: Error): never {
    const failed = new QueryFailedError(text, values, error);
    this.failed ??= failed;
    throw failed;
  }
}

function resultOf(answer: QueryResult): StructuredResult {
  const { rows, rowCount, command } = answer;
  const raw = command === 'UPDATE' || command === 'DELETE' ? [rows, rowCount] : rows;
  return { raw, records: rows, affected: rowCount ?? undefined };
}
