import pg, { type Connection, type PoolClient, type QueryConfig, type QueryResult, type Submittable } from 'pg';
import { QueryRunnerAlreadyReleasedError } from 'typeorm';

/** The part of the driver's protocol that its types leave out. Queries and conversations both implement it. */
interface Answered extends Submittable {
  handleRowDescription(message: unknown): void;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, connection: Connection): void;
  handleEmptyQuery(connection: Connection): void;
  handleCopyInResponse(connection: Connection): void;
  handleReadyForQuery(connection: Connection): void;
  handleError(error: Error, connection: Connection): void;
}

/** A statement that was sent and waits for its result. */
interface Asked extends Answered {
  readonly name: string | undefined;
  readonly text: string;
}

type Answer<Row extends object> = (error: Error | null | undefined, result: QueryResult<Row>) => void;

/** The driver's records of statements that were sent to be prepared but not confirmed yet. */
interface Prepares extends Connection {
  readonly submittedNamedStatements: Record<string, string>;
}

/**
 * One transaction on one connection, without BEGIN and COMMIT: in PostgreSQL's extended protocol a transaction begins
 * with the first statement and commits at the Sync message (PostgreSQL, "Extended Query": pipelining). The statements
 * of one turn of the event loop are sent in one packet, and the last of them can carry the commit. After an error the
 * server skips everything up to Sync and rolls back.
 */
export class Conversation implements Answered {
  private readonly asked: Asked[] = [];
  private readonly connection: Prepares;
  /** The connection as a statement sees it: flushes at the end of the turn, and never ends the transaction. */
  private readonly wire: Connection;
  private failure: Error | undefined;
  private corked = false;
  private synced = false;
  private isOver = false;
  private tellOver: () => void = () => undefined;

  constructor(client: PoolClient) {
    this.connection = client.connection as Prepares;
    this.wire = Object.create(this.connection, { sync: { value: () => undefined } }) as Connection;
    client.query(this);
  }

  /** The name of the statement whose result is arriving: the driver records that it is prepared. */
  get name(): string | undefined {
    return this.asked[0]?.name;
  }

  get text(): string | undefined {
    return this.asked[0]?.text;
  }

  /** True when the commit or the rollback was sent. */
  get isConcluded(): boolean {
    return this.synced;
  }

  /**
   * Sends one statement.
   * @param last the transaction commits with it, in the same packet
   * @throws the first error of this transaction
   */
  send<Row extends object>(config: QueryConfig, last = false): Promise<QueryResult<Row>> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    if (this.synced) return Promise.reject(new QueryRunnerAlreadyReleasedError());
    const answer = new Promise<QueryResult<Row>>((resolve, reject) => {
      this.ask<Row>(config, (error, result) => {
        if (error === null || error === undefined) return resolve(result);
        // A value that cannot be sent or a row that cannot be read fails the transaction, too.
        this.failure ??= error;
        reject(error);
      });
    });
    if (last && this.failure === undefined) this.sync();
    return answer;
  }

  /** Commits what was sent. @throws the first error of this transaction: then it was rolled back */
  async commit(): Promise<void> {
    if (this.failure !== undefined) await this.rollBack();
    else this.sync();
    await this.over();
    if (this.failure !== undefined) throw this.failure;
  }

  /** Resolves when the transaction is completely rolled back. Does nothing after a commit. */
  async rollBack(): Promise<void> {
    if (!this.synced && !this.isOver) {
      // ROLLBACK alone works, but the server logs a warning that there was no BEGIN.
      for (const text of ['begin', 'rollback']) this.ask({ text }, () => undefined);
      this.sync();
    }
    await this.over();
  }

  /** Does nothing: the driver calls it when it hands over the connection. */
  submit(): void {}

  handleRowDescription(message: unknown): void {
    this.asked[0]?.handleRowDescription(message);
  }

  handleDataRow(message: unknown): void {
    this.asked[0]?.handleDataRow(message);
  }

  handleCommandComplete(message: unknown, connection: Connection): void {
    const statement = this.asked.shift();
    statement?.handleCommandComplete(message, connection);
    statement?.handleReadyForQuery(connection);
  }

  handleEmptyQuery(connection: Connection): void {
    this.asked.shift()?.handleReadyForQuery(connection);
  }

  handleCopyInResponse(connection: Connection): void {
    this.asked[0]?.handleCopyInResponse(connection);
  }

  handleReadyForQuery(): void {
    this.end();
  }

  /**
   * Fails all pending statements after the server has refused one or the commit, or the connection was lost. The driver
   * calls nothing afterwards.
   */
  handleError(error: Error): void {
    this.failure ??= error;
    const [first, ...skipped] = this.asked.splice(0);
    for (const { name } of skipped) if (name !== undefined) delete this.connection.submittedNamedStatements[name];
    for (const statement of [first, ...skipped]) statement?.handleError(this.failure, this.connection);
    if (!this.connection.stream.writable) return this.end();
    const end = () => {
      this.connection.off('readyForQuery', end).off('end', end);
      this.end();
    };
    this.connection.once('readyForQuery', end).once('end', end);
    this.sync();
  }

  private ask<Row extends object>(config: QueryConfig, then: Answer<Row>): void {
    this.cork();
    let isAnswered = false;
    const statement = new pg.Query<Row>({ ...config, queryMode: 'extended' } as QueryConfig, (error, result) => {
      isAnswered = true;
      then(error, result);
    });
    const refused = statement.submit(this.wire) as unknown as Error | null;
    if (refused !== null) then(refused, undefined as never);
    else if (!isAnswered) this.asked.push(statement as unknown as Asked);
  }

  private end(): void {
    this.isOver = true;
    this.tellOver();
  }

  private over(): Promise<void> {
    return this.isOver ? Promise.resolve() : new Promise((resolve) => (this.tellOver = resolve));
  }

  private sync(): void {
    if (this.synced) return;
    this.synced = true;
    this.connection.sync();
  }

  /** Collects everything sent in this turn of the event loop into one packet and one system call. */
  private cork(): void {
    if (this.corked) return;
    this.corked = true;
    const { stream } = this.connection;
    stream.cork();
    process.nextTick(() => {
      this.corked = false;
      if (!this.synced) this.connection.flush();
      stream.uncork();
    });
  }
}
