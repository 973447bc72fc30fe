import { randomBytes } from 'node:crypto';
import type { PlatformTx } from '#libs/database';
import type { SecretBox } from './secret-box.service.js';

/** A key for one purpose, with the time from which it signs and the time until which it verifies. */
export interface SigningKey {
  readonly kid: string;
  readonly purpose: string;
  readonly generation: number;
  readonly signsFrom: Date;
  /** Null while it has not been replaced. */
  readonly retiresAt: Date | null;
}

interface Row extends SigningKey {
  readonly sealed: Buffer;
}

const COLUMNS = 'kid, purpose, generation, signs_from as "signsFrom", retires_at as "retiresAt"';

const placeOf = (kid: string) => ({ column: 'signing_keys.secret', rowId: kid }) as const;

/** Signing keys as rows. */
export class SigningKeyStore {
  constructor(private readonly box: SecretBox) {}

  /** All keys that are not retired, with their secrets, newest first. */
  async all(tx: PlatformTx, now: Date): Promise<Array<SigningKey & { readonly secret: Buffer }>> {
    const rows = await tx.query<Row>(
      `select ${COLUMNS}, secret_sealed as sealed
       from signing_keys where retires_at is null or retires_at > $1 order by generation desc`,
      [now],
    );
    const opened: Array<SigningKey & { readonly secret: Buffer }> = [];
    for (const { sealed, ...key } of rows) {
      opened.push({ ...key, secret: Buffer.from(await this.box.open(tx, sealed, placeOf(key.kid)), 'base64') });
    }
    return opened;
  }

  /** Without secrets, newest first. */
  list(tx: PlatformTx, purpose: string): Promise<SigningKey[]> {
    return tx.query<SigningKey>(`select ${COLUMNS} from signing_keys where purpose = $1 order by generation desc`, [
      purpose,
    ]);
  }

  /** Makes a key. @returns false when that generation exists already */
  async insert(tx: PlatformTx, purpose: string, generation: number, signsFrom: Date): Promise<boolean> {
    const [kid, secret] = [randomBytes(16).toString('base64url'), randomBytes(32).toString('base64')];
    const sealed = await this.box.seal(tx, secret, placeOf(kid));
    const made = await tx.query(
      `insert into signing_keys (kid, purpose, generation, secret_sealed, signs_from) values ($1, $2, $3, $4, $5)
       on conflict (purpose, generation) do nothing returning 1`,
      [kid, purpose, generation, sealed, signsFrom],
    );
    return made.length > 0;
  }

  /** The highest generation of a purpose; 0 when it has no key. */
  async newest(tx: PlatformTx, purpose: string): Promise<number> {
    const rows = await tx.query<{ generation: number }>(
      'select coalesce(max(generation), 0) as generation from signing_keys where purpose = $1',
      [purpose],
    );
    return rows[0]?.generation ?? 0;
  }

  /** Ends the purpose's older keys at `at`, unless they end earlier. */
  async retire(tx: PlatformTx, purpose: string, before: number, at: Date): Promise<void> {
    await tx.query(
      `update signing_keys set retires_at = least(retires_at, $3) where purpose = $1 and generation < $2`,
      [purpose, before, at],
    );
  }

  /** Deletes keys that no longer verify anything. @returns the number of deleted keys */
  async sweep(tx: PlatformTx, now: Date): Promise<number> {
    return (await tx.query('delete from signing_keys where retires_at <= $1 returning 1', [now])).length;
  }
}
