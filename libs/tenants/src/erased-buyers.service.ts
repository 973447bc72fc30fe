import { Injectable } from '@nestjs/common';
import type { TenantTx } from '#libs/database';
import { SecretBox, type SecretPlace } from '#libs/vault';

const placeOf = (rowId: string): SecretPlace => ({ column: 'erasures.telegram_id', rowId });

/** Who the buyers were whose person was erased: for refunds, which Telegram makes to a person, and for restored backups. */
@Injectable()
export class ErasedBuyers {
  constructor(private readonly box: SecretBox) {}

  async seal(tx: TenantTx, erasureId: string, telegramId: number): Promise<Buffer> {
    return this.box.seal(tx, String(telegramId), placeOf(erasureId));
  }

  /** The same for keeping beside backups: a database that was restored from one may lack the data key, so the master key seals it. */
  async sealAway(tx: TenantTx, erasureId: string, sealed: Buffer): Promise<Buffer> {
    return this.box.sealAway(tx, await this.box.open(tx, sealed, placeOf(erasureId)), placeOf(erasureId));
  }

  async open(tx: TenantTx, erasureId: string, sealed: Buffer): Promise<number> {
    return Number(await this.box.open(tx, sealed, placeOf(erasureId)));
  }

  /** The Telegram id behind a pseudonym; undefined when the time in which refunds are possible is over. */
  async whoWas(tx: TenantTx, pseudonym: number): Promise<number | undefined> {
    const [row] = await tx.query<{ id: string; sealed: Buffer | null }>(
      'select id, telegram_id_sealed as sealed from erasures where tenant_id = $1 and pseudonym = $2',
      [tx.tenantId, pseudonym],
    );
    return row === undefined || row.sealed === null ? undefined : this.open(tx, row.id, row.sealed);
  }
}
