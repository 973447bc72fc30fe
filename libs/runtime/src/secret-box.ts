import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_ID_BYTES = 4;
const HEAD_BYTES = 1 + KEY_ID_BYTES;

/** Where a secret lives. It is bound into the ciphertext: moved to another tenant, row or column, it does not open. */
export interface SecretPlace {
  readonly tenantId: string;
  readonly column: string;
  readonly rowId: string;
}

const associatedData = (place: SecretPlace, head: Buffer) =>
  Buffer.concat([head, Buffer.from(JSON.stringify([place.tenantId, place.column, place.rowId]))]);

/**
 * Seals secrets for the database with AES-256-GCM. Layout: version (1 byte), key id (4), nonce (12), tag (16), ciphertext.
 * The key id says which master key was used.
 */
export class SecretBox {
  private readonly key: Buffer;
  private readonly keyId: Buffer;

  /** @param masterKey 32 bytes */
  constructor(private readonly masterKey: Buffer) {
    this.key = this.derive('secret-box', 32);
    this.keyId = this.derive('key-id', KEY_ID_BYTES);
  }

  seal(plaintext: string, place: SecretPlace): Buffer {
    const head = Buffer.concat([Buffer.of(VERSION), this.keyId]);
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.key, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(associatedData(place, head));
    const body = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
    return Buffer.concat([head, nonce, cipher.getAuthTag(), body]);
  }

  /** @throws Error when it was sealed with another key or for another place, or was changed; the message holds no secret */
  open(sealed: Buffer, place: SecretPlace): string {
    const head = sealed.subarray(0, HEAD_BYTES);
    const nonce = sealed.subarray(HEAD_BYTES, HEAD_BYTES + NONCE_BYTES);
    const tag = sealed.subarray(HEAD_BYTES + NONCE_BYTES, HEAD_BYTES + NONCE_BYTES + TAG_BYTES);
    const body = sealed.subarray(HEAD_BYTES + NONCE_BYTES + TAG_BYTES);
    if (head[0] !== VERSION || tag.length !== TAG_BYTES) throw new Error(`not a sealed ${place.column}`);
    if (!head.subarray(1).equals(this.keyId)) {
      throw new Error(`a sealed ${place.column} needs another STARWALL_MASTER_KEY than the one that is set`);
    }
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.key, nonce, { authTagLength: TAG_BYTES });
      decipher.setAAD(associatedData(place, head));
      decipher.setAuthTag(tag);
      return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
    } catch {
      throw new Error(`a sealed ${place.column} does not open: it was changed or belongs elsewhere`);
    }
  }

  /** A key for another purpose (HKDF-SHA256), so that one secret has to be kept instead of many. */
  derive(purpose: string, bytes: number): Buffer {
    return Buffer.from(hkdfSync('sha256', this.masterKey, Buffer.alloc(0), `starwall:${purpose}`, bytes));
  }
}
