import type { Database, PlatformTx } from '#libs/database';
import { newUuid, SECOND } from '#libs/kernel';
import { DataKeyStore, type VaultTx } from './data-key.store.js';
import { SEALS_FOR_MS } from './data-keys.service.js';
import type { SealedColumn } from './sealed-columns.js';
import { SealedRowStore, sealedColumnsOf } from './sealed-row.store.js';
import type { SecretBox } from './secret-box.service.js';

/** A tenant's id, `platform`, or all owners. */
export type KeyOwner = string;
export const PLATFORM: KeyOwner = 'platform';
export const EVERYBODY: KeyOwner = 'all';

export interface DataKeyRotation {
  readonly owner: KeyOwner;
  /** True when it continued an interrupted rotation. */
  readonly continued: boolean;
  readonly begunAt: Date;
  /** Owners that got a new key in this run. */
  readonly renewed: number;
  /** Values that were resealed in this run. */
  readonly resealed: number;
  /** Values that did not open and were left unchanged. */
  readonly failed: ReadonlyArray<{
    readonly owner: KeyOwner;
    readonly column: string;
    readonly rowId: string;
    readonly why: string;
  }>;
}

type Tally = { -readonly [Name in keyof Pick<DataKeyRotation, 'renewed' | 'resealed'>]: number } & {
  readonly failed: Array<DataKeyRotation['failed'][number]>;
};

const BATCH = 200;
/** Milliseconds: longer than a process seals with a cached key, plus the longest transaction that may do so. */
const SETTLED_AFTER_MS = SEALS_FOR_MS + 15 * SECOND;

/** Gives owners new data keys and reseals their secrets, during normal operation. */
export class DataKeyRotator {
  private readonly keys = new DataKeyStore();
  private readonly rows = new SealedRowStore();

  constructor(
    private readonly db: Database,
    private readonly box: SecretBox,
    private readonly pause: (ms: number) => Promise<void>,
  ) {}

  /**
   * Continues the owner's interrupted rotation, or begins one. Every step survives two minutes without a database. Values
   * that another process sealed with a cached key are found in a second pass, once no process uses that key. Former keys
   * stay, so that they still open values.
   * @param report receives the progress as a sentence
   */
  async rotate(owner: KeyOwner, report: (sentence: string) => void): Promise<DataKeyRotation> {
    const { id, begunAt, continued } = await this.begin(owner);
    const tally: Tally = { renewed: 0, resealed: 0, failed: [] };
    const owners = owner === EVERYBODY ? [PLATFORM, ...(await this.tenants())] : [owner];
    for (const [i, one] of owners.entries()) {
      await this.renew(one, begunAt, tally);
      if (i % 100 === 99) report(`${i + 1} of ${owners.length} owners have their secrets under a new key.`);
    }
    const wait = SETTLED_AFTER_MS - (await this.ageOfYoungest(owners));
    if (wait > 0) {
      report(`Waiting ${Math.ceil(wait / SECOND)} s until no process seals with a former key.`);
      await this.pause(wait);
    }
    tally.failed.length = 0;
    for (const one of owners) await this.resealAll(one, tally);
    await this.db.confirmInPlatform('finish a rotation of data keys', (tx) =>
      tx.query('update key_rotations set finished_at = now() where id = $1', [id]),
    );
    return { owner, continued, begunAt, ...tally };
  }

  private begin(owner: KeyOwner): Promise<{ id: string; begunAt: Date; continued: boolean }> {
    return this.db.confirmInPlatform('rotate data keys', async (tx) => {
      const made = await tx.query(
        'insert into key_rotations (id, owner) values ($1, $2) on conflict (owner) where finished_at is null do nothing returning 1',
        [newUuid(), owner],
      );
      const rows = await tx.query<{ id: string; begunAt: Date }>(
        'select id, begun_at as "begunAt" from key_rotations where owner = $1 and finished_at is null',
        [owner],
      );
      if (rows[0] === undefined) throw new Error('another process has just finished the rotation; run it again');
      return { ...rows[0], continued: made.length === 0 };
    });
  }

  private async tenants(): Promise<string[]> {
    const rows = await this.db.confirmInPlatform('list owners whose data keys are rotated', (tx) =>
      tx.query<{ id: string }>('select id from tenants order by id'),
    );
    return rows.map((row) => row.id);
  }

  /** Creates a new key, unless there is one created since the rotation began, and reseals everything under it. */
  private async renew(owner: KeyOwner, since: Date, tally: Tally): Promise<void> {
    const made = await this.inOwner(owner, async (tx) => {
      const newest = await this.keys.newest(tx);
      if (newest === undefined && !(await this.hasSecrets(tx))) return false;
      if (newest !== undefined && newest.createdAt >= since) return false;
      return this.box.renew(tx, (newest?.generation ?? 0) + 1);
    });
    if (made) tally.renewed += 1;
    await this.resealAll(owner, tally);
  }

  private async hasSecrets(tx: VaultTx): Promise<boolean> {
    for (const column of sealedColumnsOf(tx)) {
      if ((await this.rows.stale(tx, column, NO_KEY, [], 1)).length > 0) return true;
    }
    return false;
  }

  private async resealAll(owner: KeyOwner, tally: Tally): Promise<void> {
    const key = await this.inOwner(owner, (tx) => this.keys.newest(tx));
    if (key === undefined) return;
    const columns = await this.inOwner(owner, (tx) => Promise.resolve(sealedColumnsOf(tx)));
    for (const column of columns) {
      for (let after: readonly string[] | undefined = []; after !== undefined; ) {
        after = await this.resealBatch(owner, column, key.id, after, tally);
      }
    }
  }

  /** @returns the key of the last row that was read; undefined when there are no more */
  private async resealBatch(
    owner: KeyOwner,
    column: SealedColumn,
    keyId: string,
    after: readonly string[],
    tally: Tally,
  ): Promise<readonly string[] | undefined> {
    const done = await this.inOwner(owner, async (tx) => {
      const stale = await this.rows.stale(tx, column, keyId, after, BATCH);
      const [anew, failed] = [[] as Array<(typeof stale)[number] & { readonly anew: Buffer }>, [] as Tally['failed']];
      for (const row of stale) {
        const { rowId } = row;
        try {
          anew.push({ ...row, anew: await this.box.reseal(tx, row.sealed, { column, rowId }, keyId) });
        } catch (error) {
          failed.push({ owner, column, rowId, why: error instanceof Error ? error.message : String(error) });
        }
      }
      const replaced = anew.length === 0 ? 0 : await this.rows.replace(tx, column, anew);
      return { replaced, failed, last: stale.length < BATCH ? undefined : stale.at(-1)?.key };
    });
    tally.resealed += done.replaced;
    tally.failed.push(...done.failed);
    return done.last;
  }

  /** Milliseconds since the newest data key of these owners was made. */
  private async ageOfYoungest(owners: readonly KeyOwner[]): Promise<number> {
    const rows = await this.db.confirmInPlatform('read the age of a data key', (tx) =>
      tx.query<{ age: number | null }>(
        `select extract(epoch from clock_timestamp() - max(created_at))::float8 * 1000 as age from (
           select created_at from data_keys where tenant_id::text = any ($1)
           union all select created_at from platform_keys where 'platform' = any ($1)) keys`,
        [owners],
      ),
    );
    return rows[0]?.age ?? Number.POSITIVE_INFINITY;
  }

  private inOwner<T>(owner: KeyOwner, work: (tx: VaultTx) => Promise<T>): Promise<T> {
    if (owner !== PLATFORM) return this.db.confirm(owner, work);
    return this.db.confirmInPlatform('reseal the platform’s own secrets', (tx: PlatformTx) => work(tx));
  }
}

const NO_KEY = '00000000-0000-0000-0000-000000000000';
