import type { PlatformTx, TenantTx } from '#libs/database';
import type { WrappedKey } from './master-keys.js';

/** A transaction whose secrets belong to a tenant, or to the platform. */
export type VaultTx = TenantTx | PlatformTx;

/** The owner of the data keys, used as a cache key and bound into ciphertexts. */
export const ownerOf = (tx: VaultTx): string => (tx.scope === 'tenant' ? tx.tenantId : 'platform');

export interface DataKeyRow extends WrappedKey {
  readonly generation: number;
  readonly createdAt: Date;
}

const COLUMNS = 'id, wrapped, master_key_id as "masterKeyId"';

/** Data keys as rows. The platform's are in a separate table. */
export class DataKeyStore {
  /** Returns the key with the highest generation. */
  async newest(tx: VaultTx): Promise<DataKeyRow | undefined> {
    const { from, where, values } = homeOf(tx);
    const rows = await tx.query<DataKeyRow>(
      `select ${COLUMNS}, generation, created_at as "createdAt" from ${from} where ${where} order by generation desc limit 1`,
      values,
    );
    return rows[0];
  }

  async byId(tx: VaultTx, id: string): Promise<WrappedKey | undefined> {
    const { from, where, values } = homeOf(tx);
    const rows = await tx.query<WrappedKey>(
      `select ${COLUMNS} from ${from} where ${where} and id = $${values.length + 1}`,
      [...values, id],
    );
    return rows[0];
  }

  /** @returns false when that generation exists already; waits for a concurrent transaction that inserts it */
  async insert(tx: VaultTx, { id, wrapped, masterKeyId }: WrappedKey, generation: number): Promise<boolean> {
    const values = [id, generation, wrapped, masterKeyId];
    const made =
      tx.scope === 'tenant'
        ? await tx.query(
            `insert into data_keys (tenant_id, id, generation, wrapped, master_key_id) values ($1, $2, $3, $4, $5)
             on conflict (tenant_id, generation) do nothing returning 1`,
            [tx.tenantId, ...values],
          )
        : await tx.query(
            `insert into platform_keys (id, generation, wrapped, master_key_id) values ($1, $2, $3, $4)
             on conflict (generation) do nothing returning 1`,
            values,
          );
    return made.length > 0;
  }
}

const homeOf = (tx: VaultTx) =>
  tx.scope === 'tenant'
    ? { from: 'data_keys', where: 'tenant_id = $1', values: [tx.tenantId] }
    : { from: 'platform_keys', where: 'true', values: [] };
