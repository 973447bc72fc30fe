import { Injectable } from '@nestjs/common';
import type { PlatformTx, TenantTx } from '#libs/database';
import { SecretBox, type SecretPlace } from '#libs/vault';

const placeOf = (rowId: string): SecretPlace => ({ column: 'erasures.telegram_id', rowId });

/** What is kept of an erasure beside the person. */
export interface ErasureRow {
  readonly id: string;
  readonly pseudonym: number;
  readonly keepUntil: Date;
  readonly createdAt: Date;
}

/** An erasure as it is kept beside backups. The person is sealed with the master key. */
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

/** Who the buyers were whose person was erased: for refunds, which Telegram makes to a person, and for restored backups. */
@Injectable()
export class ErasedBuyers {
  constructor(private readonly box: SecretBox) {}

  /** @param by an account's or a member of staff's public id */
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
   * Every erasure of all workspaces whose person is still known, oldest first. A database that is restored from a backup may lack the
   * data key, so the master key seals the persons.
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

  /** The person of an erasure that {@link list} sealed. */
  async personOf(tx: TenantTx, { id, sealed }: ListedErasure): Promise<number> {
    return this.open(tx, id, Buffer.from(sealed, 'base64'));
  }

  /** Forgets who was erased so long ago that no refund will be made. @returns how many */
  async forget(tx: PlatformTx, now: Date): Promise<number> {
    const rows = await tx.query(
      'update erasures set telegram_id_sealed = null where telegram_id_sealed is not null and keep_until <= $1 returning 1',
      [now],
    );
    return rows.length;
  }

  /** The Telegram id behind a pseudonym; undefined when the time in which refunds are possible is over. */
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
