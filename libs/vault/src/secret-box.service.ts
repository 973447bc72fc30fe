import { type Clock, systemClock } from '#libs/kernel';
import type { VaultTx } from './data-key.store.js';
import { DataKeys } from './data-keys.service.js';
import { openWith, sealWith } from './envelope.js';
import type { MasterKeys } from './master-keys.js';
import { SEALED_COLUMNS, type SealedColumn } from './sealed-columns.js';

const BY_MASTER_KEY = 1;
const BY_DATA_KEY = 2;
const SHORT_ID_BYTES = 4;
const ID_BYTES = 16;

/**
 * The place of a secret. It is bound into the ciphertext with the owner, which the transaction determines, so a value
 * that was moved to another tenant, row or column does not open.
 */
export interface SecretPlace {
  readonly column: SealedColumn;
  readonly rowId: string;
}

/**
 * Seals secrets for the database with AES-256-GCM, under a data key of the tenant, or of the platform in a platform's
 * transaction. Layout: version (1 byte), id of the data key (16), nonce (12), tag (16), ciphertext. Values of version
 * 1 still open: they carry the first 4 bytes of a master key's id, and were sealed with a key derived from that
 * master key.
 */
export class SecretBox {
  private readonly keys: DataKeys;

  constructor(
    private readonly masterKeys: MasterKeys,
    clock: Clock = systemClock,
  ) {
    this.keys = new DataKeys(masterKeys, clock);
  }

  /** Encrypts a secret. May write: the owner's first secret creates its first data key. */
  async seal(tx: VaultTx, plaintext: string, place: SecretPlace): Promise<Buffer> {
    const context = contextOf(tx, place);
    const { id, key } = await this.keys.current(tx);
    return sealWith(key, Buffer.from(plaintext), headOf(id), context);
  }

  /**
   * Seals a value that is kept outside the database, with its backups. It uses the first format, directly under the
   * master key, because a restored database may lack the data key.
   */
  sealAway(tx: VaultTx, plaintext: string, place: SecretPlace): Buffer {
    const { shortId, key } = this.masterKeys.sealing;
    const head = Buffer.concat([Buffer.of(BY_MASTER_KEY), Buffer.from(shortId, 'hex')]);
    return sealWith(key, Buffer.from(plaintext), head, contextOf(tx, place));
  }

  /**
   * @throws Error when it was sealed with another key or for another place, or was changed; the message contains no
   * secret
   */
  async open(tx: VaultTx, sealed: Buffer, place: SecretPlace): Promise<string> {
    return (await this.opened(tx, sealed, place)).toString('utf8');
  }

  /**
   * Seals the secret under another data key of its owner. When storing it, the caller must check that the old value
   * is unchanged.
   */
  async reseal(tx: VaultTx, sealed: Buffer, place: SecretPlace, keyId: string): Promise<Buffer> {
    const plaintext = await this.opened(tx, sealed, place);
    const { key } = await this.keys.byId(tx, keyId);
    return sealWith(key, plaintext, headOf(keyId), contextOf(tx, place));
  }

  /**
   * Creates the owner's data key of this generation, which is used for sealing from then on. Other processes follow
   * within a minute.
   * @returns false when it exists already
   */
  async renew(tx: VaultTx, generation: number): Promise<boolean> {
    return (await this.keys.renew(tx, generation)) !== undefined;
  }

  private async opened(tx: VaultTx, sealed: Buffer, place: SecretPlace): Promise<Buffer> {
    const plaintext = await this.plaintextOf(tx, sealed, contextOf(tx, place), place.column);
    if (plaintext !== undefined) return plaintext;
    throw new Error(`a sealed ${place.column} does not open: it was changed or belongs to another place`);
  }

  private async plaintextOf(tx: VaultTx, sealed: Buffer, context: string, column: string): Promise<Buffer | undefined> {
    if (sealed[0] === BY_DATA_KEY && sealed.length >= 1 + ID_BYTES) {
      const { key } = await this.keys.byId(tx, uuidOf(sealed.subarray(1, 1 + ID_BYTES)));
      return openWith(key, sealed, 1 + ID_BYTES, context);
    }
    if (sealed[0] === BY_MASTER_KEY && sealed.length >= 1 + SHORT_ID_BYTES) {
      const key = this.masterKeys.sealingKey(sealed.subarray(1, 1 + SHORT_ID_BYTES).toString('hex'));
      return openWith(key, sealed, 1 + SHORT_ID_BYTES, context);
    }
    throw new Error(`not a sealed ${column}`);
  }
}

function contextOf(tx: VaultTx, { column, rowId }: SecretPlace): string {
  if (SEALED_COLUMNS[column].of !== tx.scope)
    throw new TypeError(`${column} is sealed in a ${SEALED_COLUMNS[column].of}'s transaction`);
  return JSON.stringify([tx.scope === 'tenant' ? tx.tenantId : null, column, rowId]);
}

/** The first bytes of every value sealed with a data key. */
export const headOf = (keyId: string): Buffer =>
  Buffer.concat([Buffer.of(BY_DATA_KEY), Buffer.from(keyId.replaceAll('-', ''), 'hex')]);

const uuidOf = (bytes: Buffer) => bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
