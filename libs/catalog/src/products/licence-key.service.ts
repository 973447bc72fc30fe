import { createHmac, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type Cursor, seekOptions, type TenantTx } from '#libs/database';
import { DomainError, inSlices, newUuid, NotFound } from '#libs/kernel';
import { SecretBox, type SecretPlace } from '#libs/vault';
import { hintOf, KeyNotFree, type LicenceKeyState, type ListedKey } from './licence-key.js';
import { LicenceKeyRow, LicencePoolRow } from './licence-pool.entity.js';
import { ProductService } from './product.service.js';
import type { Product } from './terms.rows.js';

/** The result of adding keys. */
export interface KeysAdded {
  readonly added: number;
  /** Lines with keys that the product already had, or that an earlier line contains. */
  readonly duplicates: readonly number[];
  readonly product: Product;
}

export interface LicenceKeyFilter extends Cursor {
  readonly state?: LicenceKeyState | undefined;
  readonly limit: number;
}

export class NoLicenceKeys extends DomainError {
  static readonly code = 'no_licence_keys';
  static readonly refusal = 'conflict';
  readonly remedy = 'Only a product of the kind licence_key sells keys from a pool. Use the id of such a product.';

  constructor() {
    super('This product does not sell licence keys.');
  }
}

const HASH_KEY_BYTES = 32;
/** Keys per statement. */
const AT_ONCE = 500;

const keyPlace = (rowId: string): SecretPlace => ({ column: 'licence_keys.key', rowId });
const hashKeyPlace = (rowId: string): SecretPlace => ({ column: 'licence_pools.hash_key', rowId });

/**
 * Licence keys, as creators provide and buyers receive them: encrypted in between, and never shown in full to anyone
 * else.
 */
@Injectable()
export class LicenceKeyService {
  constructor(
    private readonly products: ProductService,
    private readonly box: SecretBox,
  ) {}

  /** Adds keys to a product's pool. Idempotent. @throws NotFound, NoLicenceKeys */
  async add(tx: TenantTx, productId: string, listed: readonly ListedKey[]): Promise<KeysAdded> {
    const hashKey = await this.lockPool(tx, productId);
    const rows = new Map<string, ListedKey & { readonly hash: Buffer }>();
    const ids: string[] = [];
    await inSlices(listed, ({ line, key }) => {
      const hash = createHmac('sha256', hashKey).update(key).digest();
      const name = hash.toString('hex');
      if (rows.has(name)) return;
      rows.set(name, { line, key, hash });
      ids.push(newUuid());
    });
    // Ids made in the same millisecond are unordered, but the first key in the list has to be sold first.
    ids.sort();
    const keys = [...rows.values()].map((row, i) => ({ ...row, id: ids[i] ?? newUuid() }));
    const added = new Set<string>();
    for (let from = 0; from < keys.length; from += AT_ONCE) {
      for (const hash of await this.insert(tx, productId, keys.slice(from, from + AT_ONCE))) added.add(hash);
    }
    const kept = new Set([...rows].flatMap(([name, { line }]) => (added.has(name) ? [line] : [])));
    const product = await this.products.changeStock(tx, productId, added.size);
    if (product === undefined) throw new NotFound('product');
    await tx.query(
      `update licence_pools l set warned_at = null from products p
       where l.tenant_id = $1 and l.product_id = $2 and p.tenant_id = $1 and p.id = $2 and p.stock > l.low_stock_at`,
      [tx.tenantId, productId],
    );
    const duplicates = listed.flatMap(({ line }) => (kept.has(line) ? [] : [line]));
    return { added: added.size, duplicates, product };
  }

  /** Newest first; keys are not decrypted. @throws NotFound, NoLicenceKeys */
  async list(tx: TenantTx, productId: string, { state, limit, ...cursor }: LicenceKeyFilter): Promise<LicenceKeyRow[]> {
    const { kind } = await this.products.get(tx, productId);
    if (kind !== 'licence_key') throw new NoLicenceKeys();
    const { where, order } = seekOptions(cursor);
    const wanted = { tenantId: tx.tenantId, productId, ...(state === undefined ? {} : { state }), ...where };
    return tx.manager.find(LicenceKeyRow, { where: wanted, order, take: limit });
  }

  /** Removes an unsold key from the pool. @throws NotFound, KeyNotFree, NoLicenceKeys */
  async remove(tx: TenantTx, productId: string, keyId: string): Promise<void> {
    await this.lockPool(tx, productId);
    const where = { tenantId: tx.tenantId, productId, id: keyId };
    if (!(await tx.manager.existsBy(LicenceKeyRow, where))) throw new NotFound('licence key');
    // Take the unit before the key, so that a buyer who has reserved the last unit finds a key.
    if ((await this.products.changeStock(tx, productId, -1)) === undefined) throw new KeyNotFree();
    const gone = await tx.query(
      `delete from licence_keys where (tenant_id, id) in (
         select tenant_id, id from licence_keys where tenant_id = $1 and id = $2 and state = 'free' for update skip locked)
       returning id`,
      [tx.tenantId, keyId],
    );
    if (gone.length === 0) throw new KeyNotFree();
  }

  /** The key of an order. @throws NotFound */
  async ofOrder(tx: TenantTx, orderId: string): Promise<string> {
    const { tenantId } = tx;
    const row = await tx.manager.findOneBy(LicenceKeyRow, { tenantId, orderId });
    if (row === null) throw new NotFound('licence key');
    return this.box.open(tx, row.keySealed, keyPlace(row.id));
  }

  /**
   * Serialises uploads and removals of one product.
   * @throws NotFound, NoLicenceKeys
   * @returns the secret for hashing its keys
   */
  private async lockPool(tx: TenantTx, productId: string): Promise<Buffer> {
    const { tenantId } = tx;
    // Lock the product before its pool, as a late payment does.
    await tx.query('select from products where tenant_id = $1 and id = $2 for no key update', [tenantId, productId]);
    const pool = await tx.manager.findOne(LicencePoolRow, {
      where: { tenantId, productId },
      select: { tenantId: true, productId: true, hashKeySealed: true },
      lock: { mode: 'pessimistic_write' },
    });
    if (pool === null) {
      await this.products.get(tx, productId);
      throw new NoLicenceKeys();
    }
    const place = hashKeyPlace(productId);
    if (pool.hashKeySealed !== null) return Buffer.from(await this.box.open(tx, pool.hashKeySealed, place), 'base64');
    const key = randomBytes(HASH_KEY_BYTES);
    const hashKeySealed = await this.box.seal(tx, key.toString('base64'), place);
    await tx.manager.update(LicencePoolRow, { tenantId, productId }, { hashKeySealed });
    return key;
  }

  /** @returns the hashes of the new keys, in hex */
  private async insert(
    tx: TenantTx,
    productId: string,
    keys: ReadonlyArray<{ readonly id: string; readonly key: string; readonly hash: Buffer }>,
  ): Promise<string[]> {
    const { tenantId } = tx;
    const rows: { id: string; sealed: Buffer; hash: Buffer; hint: string }[] = [];
    await inSlices(keys, async ({ id, key, hash }) => {
      rows.push({ id, sealed: await this.box.seal(tx, key, keyPlace(id)), hash, hint: hintOf(key) });
    });
    const inserted = await tx.query<{ hash: string }>(
      `insert into licence_keys (tenant_id, product_id, id, key_sealed, key_hash, hint)
       select $1, $2, k.* from unnest($3::uuid[], $4::bytea[], $5::bytea[], $6::text[]) k
       on conflict (tenant_id, product_id, key_hash) do nothing returning encode(key_hash, 'hex') as hash`,
      [
        tenantId,
        productId,
        rows.map((row) => row.id),
        rows.map((row) => row.sealed),
        rows.map((row) => row.hash),
        rows.map((row) => row.hint),
      ],
    );
    return inserted.map((row) => row.hash);
  }
}
