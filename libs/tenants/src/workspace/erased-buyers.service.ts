import { Injectable } from '@nestjs/common';
import type { PlatformTx, TenantTx } from '#libs/database';
import { SecretBox, type SecretPlace } from '#libs/vault';

const placeOf = (rowId: string): SecretPlace => ({ column: 'erasures.telegram_id', rowId });

/** The stored facts about an erasure, without the person. */
export interface ErasureRow {
  readonly id: string;
  readonly pseudonym: number;
  readonly keepUntil: Date;
  readonly createdAt: Date;
}

/** An erasure, to keep with backups. The person is encrypted with the master key. */
export interface ListedErasure {
  readonly tenantId: string;
  readonly id: string;
  readonly pseudonym: number;
  /** Base64. */
  readonly sealed: string;
  readonly keepUntil: string;
  readonly requestedBy: string;
  readonly createdAt: string;
}

/** Stores the identities of erased buyers, for refunds, which Telegram makes to a person, and for restored backups. */
@Injectable()
export class ErasedBuyers {
  constructor(private readonly box: SecretBox) {}

  /** @param by public id of an account or a member of staff */
  async keep(tx: TenantTx, row: ErasureRow, telegramId: number, by: string): Promise<void> {
    const sealed = await this.box.seal(tx, String(telegramId), placeOf(row.id));
    await tx.query(
      `insert into erasures (tenant_id, id, pseudonym, telegram_id_sealed, keep_until, requested_by, created_at)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [tx.tenantId, row.id, row.pseudonym, sealed, row.keepUntil, by, row.createdAt],
    );
  }

  async isKept(tx: TenantTx, erasureId: string): Promise<boolean> {
    const known = await tx.query('select 1 from erasures where tenant_id = $1 and id = $2', [tx.tenantId, erasureId]);
    return known.length > 0;
  }

  /**
   * Lists the erasures of all workspaces whose person is still known, oldest first. A database restored from a backup
   * may lack the data key, so the master key encrypts the persons.
   */
  async list(tx: PlatformTx): Promise<ListedErasure[]> {
    const rows = await tx.query<Omit<ListedErasure, 'sealed'> & { sealed: Buffer }>(
      `select tenant_id as "tenantId", id, pseudonym, telegram_id_sealed as sealed, keep_until as "keepUntil",
         requested_by as "requestedBy", created_at as "createdAt"
       from erasures where telegram_id_sealed is not null order by created_at, id`,
    );
    const listed: ListedErasure[] = [];
    for (const { sealed, ...row } of rows) {
      const [own, place] = [tx.asTenant(row.tenantId), placeOf(row.id)];
      const away = this.box.sealAway(own, await this.box.open(own, sealed, place), place);
      listed.push({ ...row, sealed: away.toString('base64') });
    }
    return listed;
  }

  /** Decrypts the person of an erasure that {@link list} has encrypted. */
  async personOf(tx: TenantTx, { id, sealed }: ListedErasure): Promise<number> {
    return this.open(tx, id, Buffer.from(sealed, 'base64'));
  }

  /** Deletes the identities of buyers who were erased too long ago for a refund. @returns their number */
  async forget(tx: PlatformTx, now: Date): Promise<number> {
    const rows = await tx.query(
      'update erasures set telegram_id_sealed = null where telegram_id_sealed is not null and keep_until <= $1 returning 1',
      [now],
    );
    return rows.length;
  }

  /** Returns the Telegram id of a pseudonym; undefined once the time for refunds is over. */
  async whoWas(tx: TenantTx, pseudonym: number): Promise<number | undefined> {
    const [row] = await tx.query<{ id: string; sealed: Buffer | null }>(
      'select id, telegram_id_sealed as sealed from erasures where tenant_id = $1 and pseudonym = $2',
      [tx.tenantId, pseudonym],
    );
    return row === undefined || row.sealed === null ? undefined : this.open(tx, row.id, row.sealed);
  }

  private async open(tx: TenantTx, erasureId: string, sealed: Buffer): Promise<number> {
    return Number(await this.box.open(tx, sealed, placeOf(erasureId)));
  }
}
