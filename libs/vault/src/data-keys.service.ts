import type { KeyObject } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { type Clock, MINUTE, newUuid } from '#libs/kernel';
import { memoryOf } from '#libs/runtime';
import { DataKeyStore, ownerOf, type VaultTx } from './data-key.store.js';
import { keyOf, newKeyBytes } from './envelope.js';
import type { MasterKeys, WrappedKey } from './master-keys.js';

export interface DataKey {
  readonly id: string;
  readonly key: KeyObject;
}

/**
 * The longest time for which a process continues to seal with a key after a newer one was created. Rotations wait for
 * it.
 */
export const SEALS_FOR_MS = MINUTE;
const OPENS_FOR_MS = 10 * MINUTE;
const MOST = 10_000;

/**
 * Caches unwrapped data keys: sealing and opening need no round trip with a cached key, and one otherwise. A key
 * created in an open transaction is known only in that transaction, because it may be rolled back.
 */
export class DataKeys {
  private readonly store = new DataKeyStore();
  private readonly sealing = memoryOf<DataKey>(SEALS_FOR_MS, MOST, () => this.clock.now());
  private readonly opening = memoryOf<DataKey>(OPENS_FOR_MS, MOST, () => this.clock.now());
  private readonly unsettled = new WeakMap<EntityManager, Map<string, DataKey>>();

  constructor(
    private readonly masterKeys: MasterKeys,
    private readonly clock: Clock,
  ) {}

  /**
   * The key to seal with. The first one is created on demand; the unique generation decides between concurrent
   * creators.
   */
  async current(tx: VaultTx): Promise<DataKey> {
    const owner = ownerOf(tx);
    const known = this.unsettled.get(tx.manager)?.get(owner) ?? this.sealing.get(owner);
    return known ?? (await this.newest(tx, owner)) ?? (await this.first(tx, owner));
  }

  /** @throws Error when the key does not exist */
  async byId(tx: VaultTx, id: string): Promise<DataKey> {
    const owner = ownerOf(tx);
    const known = this.madeHere(tx, owner, id) ?? this.opening.get(`${owner}/${id}`);
    if (known !== undefined) return known;
    const row = await this.store.byId(tx, id);
    if (row === undefined) throw new Error(`there is no data key ${id} of ${owner}`);
    return this.unwrap(owner, row);
  }

  /**
   * Creates the next generation. Other processes continue with the previous one until this transaction has ended.
   * @returns undefined when another process has just created it
   */
  async renew(tx: VaultTx, generation: number): Promise<DataKey | undefined> {
    const owner = ownerOf(tx);
    const bytes = newKeyBytes();
    const made = { id: newUuid(), key: keyOf(bytes) };
    if (!(await this.store.insert(tx, this.masterKeys.wrap(bytes, made.id, owner), generation))) return undefined;
    const here = this.unsettled.get(tx.manager) ?? new Map<string, DataKey>();
    this.unsettled.set(tx.manager, here.set(owner, made));
    return made;
  }

  private async newest(tx: VaultTx, owner: string): Promise<DataKey | undefined> {
    const row = await this.store.newest(tx);
    if (row === undefined) return undefined;
    const known = this.madeHere(tx, owner, row.id);
    if (known !== undefined) return known;
    const key = this.unwrap(owner, row);
    this.sealing.set(owner, key);
    return key;
  }

  private async first(tx: VaultTx, owner: string): Promise<DataKey> {
    const key = (await this.renew(tx, 1)) ?? (await this.newest(tx, owner));
    if (key === undefined) throw new Error(`no data key of ${owner} could be made`);
    return key;
  }

  private madeHere(tx: VaultTx, owner: string, id: string): DataKey | undefined {
    const key = this.unsettled.get(tx.manager)?.get(owner);
    return key?.id === id ? key : undefined;
  }

  private unwrap(owner: string, row: WrappedKey): DataKey {
    const key = { id: row.id, key: keyOf(this.masterKeys.unwrap(row, owner)) };
    this.opening.set(`${owner}/${row.id}`, key);
    return key;
  }
}
