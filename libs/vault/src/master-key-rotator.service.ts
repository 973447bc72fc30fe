import type { Database, PlatformTx } from '#libs/database';
import type { MasterKeys, WrappedKey } from './master-keys.js';

export interface MasterKeyRotation {
  readonly masterKeyId: string;
  /** Data keys that were rewrapped in this run. */
  readonly rewrapped: number;
  /** Data keys that did not unwrap and were left unchanged. */
  readonly failed: ReadonlyArray<{ readonly owner: string; readonly id: string; readonly why: string }>;
}

type OwnedKey = WrappedKey & { readonly owner: string };

const BATCH = 500;
const FIRST = '00000000-0000-0000-0000-000000000000';

/** Tables of data keys, with the owner's SQL expression. */
const HOMES = { data_keys: 'k.tenant_id::text', platform_keys: `'platform'` } as const;

type Home = keyof typeof HOMES;

/**
 * Rewraps every data key with the current master key. Safe to repeat and to interrupt; values are not touched. Every
 * batch survives two minutes without a database.
 */
export class MasterKeyRotator {
  constructor(
    private readonly db: Database,
    private readonly masterKeys: MasterKeys,
  ) {}

  /** @param report receives the progress as a sentence */
  async rotate(report: (sentence: string) => void): Promise<MasterKeyRotation> {
    const masterKeyId = this.masterKeys.currentId;
    const failed: Array<MasterKeyRotation['failed'][number]> = [];
    let rewrapped = 0;
    for (const home of Object.keys(HOMES) as Home[]) {
      for (let after: string | undefined = FIRST; after !== undefined; ) {
        const from: string = after;
        const batch = await this.db.confirmInPlatform('rewrap data keys with the current master key', (tx) =>
          this.batch(tx, home, from),
        );
        rewrapped += batch.rewrapped;
        failed.push(...batch.failed);
        after = batch.last;
        if (after !== undefined) report(`${rewrapped} data keys are wrapped with ${masterKeyId}.`);
      }
    }
    return { masterKeyId, rewrapped, failed };
  }

  private async batch(tx: PlatformTx, home: Home, after: string) {
    const rows = await tx.query<OwnedKey>(
      `select id, wrapped, master_key_id as "masterKeyId", ${HOMES[home]} as owner from ${home} k
       where master_key_id <> $1 and id > $2 order by id limit $3`,
      [this.masterKeys.currentId, after, BATCH],
    );
    const failed: Array<MasterKeyRotation['failed'][number]> = [];
    const anew: Array<OwnedKey & { readonly old: Buffer }> = [];
    for (const row of rows) {
      const { id, owner } = row;
      try {
        const key = this.masterKeys.unwrap(row, owner);
        anew.push({ ...this.masterKeys.wrap(key, id, owner), owner, old: row.wrapped });
      } catch (error) {
        failed.push({ owner, id, why: error instanceof Error ? error.message : String(error) });
      }
    }
    const last = rows.length < BATCH ? undefined : rows.at(-1)?.id;
    return { rewrapped: await this.replace(tx, home, anew), failed, last };
  }

  private async replace(
    tx: PlatformTx,
    home: Home,
    anew: ReadonlyArray<OwnedKey & { readonly old: Buffer }>,
  ): Promise<number> {
    const replaced = await tx.query(
      `update ${home} k set wrapped = n.wrapped, master_key_id = $1
       from unnest($2::text[], $3::uuid[], $4::bytea[], $5::bytea[]) as n (owner, id, old, wrapped)
       where ${HOMES[home]} = n.owner and k.id = n.id and k.wrapped = n.old returning 1`,
      [
        this.masterKeys.currentId,
        anew.map((one) => one.owner),
        anew.map((one) => one.id),
        anew.map((one) => one.old),
        anew.map((one) => one.wrapped),
      ],
    );
    return replaced.length;
  }
}
