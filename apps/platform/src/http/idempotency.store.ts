import { Inject, Injectable } from '@nestjs/common';
import { Database, type TenantTx } from '#libs/database';
import type { Clock } from '#libs/kernel';
import { freeKey, readKey, writeKey } from '#libs/process';
import { CLOCK } from '#libs/runtime';
import { SecretBox, type SecretPlace } from '#libs/vault';
import type { Commit } from './commit.js';
import { completedBy, IdempotencyMismatch, KEPT_FOR_MS, RequestInProgress, RUNS_AT_MOST_MS } from './idempotency.js';

/** One request that must not take effect twice. */
export interface KeyedRequest {
  readonly tenantId: string;
  readonly principalId: string;
  readonly key: string;
  readonly fingerprint: Buffer;
  /**
   * True when the fingerprint covers the whole request. An upload's fingerprint is completed when the file has arrived.
   */
  readonly whole: boolean;
}

export interface Answered {
  readonly body: unknown;
  readonly replayed: boolean;
}

const placeOf = ({ principalId, key }: KeyedRequest): SecretPlace => ({
  column: 'idempotency_keys.answer',
  rowId: `${principalId}/${key}`,
});

/** Runs a keyed request once, and repeats its response. A refused request had no effect, so its key stays free. */
@Injectable()
export class IdempotencyStore {
  constructor(
    private readonly db: Database,
    private readonly box: SecretBox,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Commits work and response together, in one transaction that every `inTenant` of the work joins: a crash at any
   * point leaves nothing, and the request can be sent again.
   * @throws RequestInProgress, IdempotencyMismatch, and the errors of the work
   */
  once(request: KeyedRequest, work: () => Promise<unknown>): Promise<Answered> {
    return this.db.inOneTransaction(request.tenantId, async (tx) => {
      const known = await this.look(tx, request);
      if (known !== undefined) return known;
      const body = await work();
      await this.keep(tx, request, body);
      return { body, replayed: false };
    });
  }

  /**
   * Runs work with a preparation outside of the database: it is committed as by {@link once}, or undone if the
   * response is already known.
   * @throws the errors of {@link once} and of the preparation
   */
  async oncePrepared(request: KeyedRequest, prepare: () => Promise<Commit>): Promise<Answered> {
    const known = request.whole ? await this.db.inTenant(request.tenantId, (tx) => this.look(tx, request)) : undefined;
    if (known !== undefined) return known;
    const commit = await prepare();
    const completed = { ...request, fingerprint: completedBy(commit.content, request.fingerprint) };
    return commit.run(
      (work) => this.once(completed, work),
      ({ replayed }) => !replayed,
    );
  }

  /**
   * Runs work that calls other systems: reserves the key first, and stores the response afterwards. If the process
   * dies in between, or the response cannot be stored, the key is free again after five minutes, and the work, which
   * stores its intents, continues where it stopped.
   */
  async onceAround(request: KeyedRequest, work: () => Promise<unknown>): Promise<Answered> {
    const known = await this.db.inTenant(request.tenantId, async (tx) => {
      const found = await this.look(tx, request);
      if (found === undefined) await this.take(tx, request);
      return found;
    });
    if (known !== undefined) return known;
    const body = await work().catch(async (error: unknown) => {
      // It is freed after five minutes in any case.
      await this.db.inTenant(request.tenantId, (tx) => freeKey(tx, request)).catch(() => undefined);
      throw error;
    });
    await this.db.confirm(request.tenantId, (tx) => this.keep(tx, request, body));
    return { body, replayed: false };
  }

  private async look(tx: TenantTx, request: KeyedRequest): Promise<Answered | undefined> {
    const { tenantId, principalId, key } = request;
    const lock = `select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as free`;
    const now = this.clock.now();
    const [locked, row] = await Promise.all([
      tx.query<{ free: boolean }>(lock, [`${tenantId}/${principalId}/${key}`]),
      readKey(tx, request, new Date(now.getTime() - KEPT_FOR_MS), now),
    ]);
    if (locked[0]?.free !== true) throw new RequestInProgress();
    if (row === undefined) return undefined;
    if (!row.fingerprint.equals(request.fingerprint)) throw new IdempotencyMismatch();
    if (!row.alive) return undefined;
    if (row.sealed === null) throw new RequestInProgress();
    return { body: JSON.parse(await this.box.open(tx, row.sealed, placeOf(request))), replayed: true };
  }

  private async take(tx: TenantTx, request: KeyedRequest): Promise<void> {
    const now = this.clock.now();
    const taken = { fingerprint: request.fingerprint, state: 'running', sealed: null } as const;
    await writeKey(tx, request, taken, new Date(now.getTime() + RUNS_AT_MOST_MS), now);
  }

  private async keep(tx: TenantTx, request: KeyedRequest, body: unknown): Promise<void> {
    const sealed = await this.box.seal(tx, JSON.stringify(body ?? null), placeOf(request));
    const done = { fingerprint: request.fingerprint, state: 'done', sealed } as const;
    await writeKey(tx, request, done, null, this.clock.now());
  }
}
