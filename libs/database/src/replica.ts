import type { DataSource } from 'typeorm';
import { NotFound, SECOND } from '#libs/kernel';
import { replicaLag, reports } from '#libs/metrics';
import { messageOf } from '#libs/runtime';
import type { StatementNames } from './statement-names.js';
import { DatabaseAway, DatabaseTrouble, named } from './trouble.js';
import type { TenantTx } from './tx.js';

/** Milliseconds within which a replica must begin to answer. */
const ANSWERS_WITHIN_MS = 3 * SECOND;
/** Milliseconds for which a replica that failed is left alone. */
const REST_MS = 10 * SECOND;

/** A time of PostgreSQL, in UTC, to the microsecond: such texts sort by time. */
export const exactTime = (sql: string): string =>
  `to_char((${sql}) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

// The server sets this time after it has applied a transaction, so a later statement sees everything until then.
const STATE = `
select pg_is_in_recovery() as replays, ${exactTime('pg_last_xact_replay_timestamp()')} as "asOf",
  1000 * extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp())::float8 as "lagMs"`;

/** The replica cannot serve this report, but answers. */
class Behind extends Error {}

/** Runs a transaction on a pool. `asOfIn` returns the time until which it sees everything. */
export type RunsOn<T> = (
  source: DataSource,
  names: StatementNames,
  asOfIn: (tx: TenantTx) => Promise<string>,
) => Promise<T>;

/**
 * A pool on a streaming replica, for reports. It is connected when the process starts or, if that fails, later: a
 * replica that is away costs reports nothing but a look every ten seconds.
 */
export class Replica {
  private opening: Promise<DataSource> | undefined;
  private restsUntil = 0;

  /**
   * @param maxLagMs milliseconds since the last transaction that the replica has applied; beyond that it is passed over
   * @param complain gets a sentence for the log whenever the replica is passed over because it is away
   */
  constructor(
    private readonly connect: () => Promise<DataSource>,
    private readonly names: StatementNames,
    private readonly maxLagMs: number,
    private readonly complain: (sentence: string) => void = () => undefined,
  ) {}

  /**
   * Runs a report here. @returns undefined when the primary has to: the replica is away, lags, has not reached
   * `notBefore`, or did not find something that may be new
   */
  async read<T>(notBefore: string, run: RunsOn<T>): Promise<{ readonly value: T } | undefined> {
    if (performance.now() < this.restsUntil) return passedOver('away');
    try {
      const value = await this.run(notBefore, run);
      reports.inc({ outcome: 'replica' });
      return { value };
    } catch (error) {
      if (error instanceof Behind || error instanceof NotFound) return passedOver('behind');
      const trouble = named(error);
      if (!(trouble instanceof DatabaseTrouble)) throw error;
      this.rest(trouble.cause ?? trouble);
      return passedOver('away');
    }
  }

  onApplicationBootstrap(): void {
    void this.source().catch((error: unknown) => this.rest(error));
  }

  async onApplicationShutdown(): Promise<void> {
    await (await this.opening?.catch(() => undefined))?.destroy();
  }

  private async run<T>(notBefore: string, run: RunsOn<T>): Promise<T> {
    let silence: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      silence = setTimeout(() => reject(new DatabaseAway(new Error('no answer'))), ANSWERS_WITHIN_MS);
    });
    const running = this.source().then((source) =>
      run(source, this.names, async (tx) => {
        const asOf = await this.asOf(tx, notBefore);
        clearTimeout(silence);
        return asOf;
      }),
    );
    return Promise.race([running, late]).finally(() => clearTimeout(silence));
  }

  private source(): Promise<DataSource> {
    this.opening ??= this.connect().catch((error: unknown) => {
      this.opening = undefined;
      throw new DatabaseAway(error);
    });
    return this.opening;
  }

  /** @throws Behind */
  private async asOf(tx: TenantTx, notBefore: string): Promise<string> {
    const [state] = await tx.query<{ replays: boolean; asOf: string | null; lagMs: number | null }>(STATE);
    // A server that was promoted may have left the history of the primary.
    if (state === undefined || !state.replays || state.asOf === null) throw new Behind();
    const lagMs = state.lagMs ?? 0;
    replicaLag.set(lagMs / SECOND);
    if (lagMs > this.maxLagMs || state.asOf < notBefore) throw new Behind();
    return state.asOf;
  }

  private rest(error: unknown): void {
    this.restsUntil = performance.now() + REST_MS;
    this.complain(`The replica is not used: ${messageOf(error)}. Reports are read from the primary.`);
  }
}

function passedOver(outcome: 'away' | 'behind'): undefined {
  reports.inc({ outcome });
}
