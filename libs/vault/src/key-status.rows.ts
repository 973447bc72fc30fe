import type { PlatformTx } from '#libs/database';
import type { MasterKeys } from './master-keys.js';
import { SEALED_COLUMNS, type SealedColumn, type SealedColumnFacts } from './sealed-columns.js';
import type { SigningKey } from './signing-key.store.js';

export interface ColumnStatus {
  readonly column: SealedColumn;
  /** Under the newest data key of their owner. */
  readonly current: number;
  /** Under a former one. */
  readonly former: number;
  /** In the first format, directly under a master key. */
  readonly first: number;
  /** In an unknown format. */
  readonly unknown: number;
}

export interface MasterKeyStatus {
  /** For values in the first format, only the first eight digits are known. */
  readonly id: string;
  readonly state: 'current' | 'previous' | 'not set';
  /** Data keys wrapped by it. */
  readonly dataKeys: number;
  /** Values in the first format. */
  readonly values: number;
}

export interface KeyStatus {
  readonly masterKeys: readonly MasterKeyStatus[];
  readonly columns: readonly ColumnStatus[];
  readonly rotations: ReadonlyArray<{ readonly owner: string; readonly begunAt: Date }>;
  readonly signingKeys: readonly SigningKey[];
}

const NEWEST = {
  tenant: 'select distinct on (tenant_id) tenant_id, id from data_keys order by tenant_id, generation desc',
  platform: 'select id from platform_keys order by generation desc limit 1',
} as const;

interface Counted {
  readonly under: string;
  readonly count: number;
}

/** Counts of sealed values, by key. @param tx of the platform, since all tenants are counted */
export async function keyStatus(tx: PlatformTx, masterKeys: MasterKeys): Promise<KeyStatus> {
  const columns: ColumnStatus[] = [];
  const first = new Map<string, number>();
  for (const column of Object.keys(SEALED_COLUMNS) as SealedColumn[]) {
    const counted = await countOf(tx, SEALED_COLUMNS[column]);
    const of = (under: string) => counted.find((one) => one.under === under)?.count ?? 0;
    const byMaster = counted.filter((one) => one.under.startsWith('first '));
    for (const { under, count } of byMaster) first.set(under.slice(6), (first.get(under.slice(6)) ?? 0) + count);
    const inFirst = byMaster.reduce((sum, { count }) => sum + count, 0);
    columns.push({ column, current: of('current'), former: of('former'), first: inFirst, unknown: of('unknown') });
  }
  const rotations = await tx.query<{ owner: string; begunAt: Date }>(
    'select owner, begun_at as "begunAt" from key_rotations where finished_at is null order by begun_at',
  );
  const signingKeys = await tx.query<SigningKey>(
    `select kid, purpose, generation, signs_from as "signsFrom", retires_at as "retiresAt" from signing_keys
     order by purpose, generation desc`,
  );
  return { masterKeys: await masterStatus(tx, masterKeys, first), columns, rotations, signingKeys };
}

function countOf(tx: PlatformTx, { table, column, of }: SealedColumnFacts): Promise<Counted[]> {
  const mine = of === 'tenant' ? 'n.tenant_id = t.tenant_id' : 'true';
  return tx.query<Counted>(
    `with newest as (${NEWEST[of]})
     select case get_byte(t.${column}, 0)
              when 1 then 'first ' || encode(substr(t.${column}, 2, 4), 'hex')
              when 2 then case when substr(t.${column}, 2, 16) = uuid_send(n.id) then 'current' else 'former' end
              else 'unknown' end as under, count(*)::int as count
     from ${table} t left join newest n on ${mine} where length(t.${column}) > 0 group by 1`,
  );
}

async function masterStatus(
  tx: PlatformTx,
  { ids, currentId }: MasterKeys,
  first: ReadonlyMap<string, number>,
): Promise<MasterKeyStatus[]> {
  const wrapping = await tx.query<{ id: string; count: number }>(
    `select master_key_id as id, count(*)::int as count from (
       select master_key_id from data_keys union all select master_key_id from platform_keys) k group by 1 order by 1`,
  );
  const known = new Set([...ids, ...wrapping.map(({ id }) => id)]);
  const orphans = [...first.keys()].filter((short) => [...known].every((id) => !id.startsWith(short)));
  return [...known, ...orphans].map((id) => ({
    id,
    state: id === currentId ? 'current' : ids.includes(id) ? 'previous' : 'not set',
    dataKeys: wrapping.find((one) => one.id === id)?.count ?? 0,
    values: [...first].reduce((sum, [short, count]) => (id.startsWith(short) ? sum + count : sum), 0),
  }));
}
