import type { PlatformTx, TenantTx } from '#libs/database';
import type { WrappedKey } from './master-keys.js';

/** A transaction whose secrets are a tenant's, or the platform's own. */
export type VaultTx = TenantTx | PlatformTx;

/** Whose data keys these are, as keys of memories and as a part of what is bound. */
export const ownerOf = (tx: VaultTx): string => (tx.scope === 'tenant' ? tx.tenantId : 'platform');

export interface DataKeyRow extends WrappedKey {
  readonly generation: number;
  readonly createdAt: Date;
}

const COLUMNS = 'id, wrapped, master_key_id as "masterKeyId"';

/** Data keys as rows: those of tenants, and those of the platform, which has a table of its own. */
export class DataKeyStore {
  /** The one of the highest generation. */
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

  /** @returns false when there is a key of that generation already; a rival in another transaction makes this wait for its end */
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
