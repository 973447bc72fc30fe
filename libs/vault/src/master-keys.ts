import type { KeyObject } from 'node:crypto';
import { derived, keyOf, openWith, sealWith } from './envelope.js';

const NO_HEAD = Buffer.alloc(0);
const ID_BYTES = 8;

/** A data key as stored in the database. */
export interface WrappedKey {
  readonly id: string;
  readonly wrapped: Buffer;
  readonly masterKeyId: string;
}

/** Thrown when the master key that wrapped a data key, or sealed a value, is not configured in this process. */
export class MasterKeyMissing extends Error {
  constructor(what: string, masterKeyId: string) {
    super(
      `${what} needs the master key ${masterKeyId}, which is not set. Add it to STARWALL_MASTER_KEY_PREVIOUS, or as another line to ` +
        'STARWALL_MASTER_KEY_FILE.',
    );
  }
}

interface MasterKey {
  readonly id: string;
  readonly wrapping: KeyObject;
  readonly sealing: KeyObject;
}

/**
 * The master keys of this installation, which wrap data keys and are never in the database. A key's id is derived
 * from the key, so that no list of names is needed.
 */
export class MasterKeys {
  private readonly keys: ReadonlyMap<string, MasterKey>;
  /** The id of the key that wraps; all of them unwrap. */
  readonly currentId: string;

  /** @param keys 32 bytes each; the current one first */
  constructor(...keys: readonly [Buffer, ...Buffer[]]) {
    const made = keys.map((key) => ({
      id: derived(key, 'key-id', ID_BYTES).toString('hex'),
      wrapping: keyOf(derived(key, 'data-keys', 32)),
      sealing: keyOf(derived(key, 'secret-box', 32)),
    }));
    this.keys = new Map(made.map((key) => [key.id, key]));
    this.currentId = made[0]?.id ?? '';
  }

  /** Ids of all keys, the current one first. */
  get ids(): string[] {
    return [...this.keys.keys()];
  }

  /** @param owner the key's owner; a wrapped key that was moved to another owner does not unwrap */
  wrap(dataKey: Buffer, id: string, owner: string): WrappedKey {
    const masterKeyId = this.currentId;
    const wrapped = sealWith(this.get(masterKeyId).wrapping, dataKey, NO_HEAD, contextOf(id, owner, masterKeyId));
    return { id, wrapped, masterKeyId };
  }

  /** @throws MasterKeyMissing, or Error when it was changed or belongs to another owner */
  unwrap({ id, wrapped, masterKeyId }: WrappedKey, owner: string): Buffer {
    const context = contextOf(id, owner, masterKeyId);
    const dataKey = openWith(this.get(masterKeyId).wrapping, wrapped, NO_HEAD.length, context);
    if (dataKey === undefined)
      throw new Error(`the data key ${id} does not unwrap: it was changed or belongs to another owner`);
    return dataKey;
  }

  /** The key that seals values of the first format. */
  get sealing(): { readonly shortId: string; readonly key: KeyObject } {
    const { id, sealing } = this.get(this.currentId);
    return { shortId: id.slice(0, 8), key: sealing };
  }

  /**
   * The key for values of the first format, which a master key sealed directly. They carry the first four bytes of
   * its id.
   */
  sealingKey(shortId: string): KeyObject {
    for (const { id, sealing } of this.keys.values()) if (id.startsWith(shortId)) return sealing;
    throw new MasterKeyMissing('a sealed value', `${shortId}...`);
  }

  private get(id: string): MasterKey {
    const key = this.keys.get(id);
    if (key === undefined) throw new MasterKeyMissing('a data key', id);
    return key;
  }
}

const contextOf = (...parts: readonly string[]) => JSON.stringify(parts);
