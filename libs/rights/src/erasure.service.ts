import { Inject, Injectable } from '@nestjs/common';
import { Database, type PlatformTx, type TenantTx } from '#libs/database';
import { EventStore } from '#libs/journal';
import { type Clock, DAY, newUuid } from '#libs/kernel';
import { CLOCK, CONFIG, type Config } from '#libs/runtime';
import { ErasedBuyers } from '#libs/tenants';
import { BuyerBusy, type ErasureRow, NoSuchBuyer, pseudonymFrom } from './erasure.js';
import { ErasureStore } from './erasure.store.js';
import { erasureView } from './erasure-view.js';

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

/** Takes a buyer's person out of everything that a workspace keeps, and leaves the books as they are. */
@Injectable()
export class ErasureService {
  constructor(
    private readonly db: Database,
    private readonly store: ErasureStore,
    private readonly erased: ErasedBuyers,
    private readonly events: EventStore,
    @Inject(CONFIG) private readonly config: Pick<Config, 'erasedRefundDays'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * One transaction: all of it or nothing. Whoever is erased and writes again is somebody new.
   * @param by an account's or a member of staff's public id
   * @throws NoSuchBuyer, also for one who is erased already; BuyerBusy
   */
  async erase(tenantId: string, telegramId: number, by: string): Promise<ErasureRow> {
    return this.db.inTenant(tenantId, async (tx) => {
      const now = this.clock.now();
      if (!(await this.store.lock(tx, telegramId))) throw new NoSuchBuyer();
      const underWay = await this.store.underWay(tx, telegramId, now);
      if (underWay.length > 0) throw new BuyerBusy(underWay);
      const pair = { telegramId, pseudonym: pseudonymFrom(Math.random()) };
      const keepUntil = new Date(now.getTime() + this.config.erasedRefundDays * DAY);
      const row = { id: newUuid(now.getTime()), pseudonym: pair.pseudonym, keepUntil, createdAt: now };
      await this.keep(tx, row, await this.erased.seal(tx, row.id, telegramId), by);
      await this.store.replace(tx, [pair]);
      await this.store.scrub(tx, pair, now);
      await this.events.record(tx, { type: 'buyer.erased', data: erasureView(row) });
      return row;
    });
  }

  /** Every erasure of all workspaces whose person is still known, oldest first. For keeping beside backups. */
  async list(tx: PlatformTx): Promise<ListedErasure[]> {
    const rows = await tx.query<Omit<ListedErasure, 'sealed'> & { sealed: Buffer }>(
      `select tenant_id as "tenantId", id, pseudonym, telegram_id_sealed as sealed, keep_until as "keepUntil",
         requested_by as "requestedBy", created_at as "createdAt"
       from erasures where telegram_id_sealed is not null order by created_at, id`,
    );
    const listed: ListedErasure[] = [];
    for (const { sealed, ...row } of rows) {
      const away = await this.erased.sealAway(tx.asTenant(row.tenantId), row.id, sealed);
      listed.push({ ...row, sealed: away.toString('base64') });
    }
    return listed;
  }

  /**
   * Erases anew whom a restored backup has brought back. Safe to repeat.
   * @returns false when the database knows of the erasure
   */
  async reapply(listed: ListedErasure): Promise<boolean> {
    return this.db.inTenant(listed.tenantId, async (tx) => {
      const known = await tx.query('select 1 from erasures where tenant_id = $1 and id = $2', [tx.tenantId, listed.id]);
      if (known.length > 0) return false;
      const sealed = Buffer.from(listed.sealed, 'base64');
      const pair = { telegramId: await this.erased.open(tx, listed.id, sealed), pseudonym: listed.pseudonym };
      await this.store.lock(tx, pair.telegramId);
      const { id, pseudonym } = listed;
      const row = { id, pseudonym, keepUntil: new Date(listed.keepUntil), createdAt: new Date(listed.createdAt) };
      await this.keep(tx, row, await this.erased.seal(tx, id, pair.telegramId), listed.requestedBy);
      await this.store.replace(tx, [pair]);
      await this.store.scrub(tx, pair, this.clock.now());
      return true;
    });
  }

  /** Forgets who was erased so long ago that no refund will be made. @returns how many */
  async forgetPersons(tx: PlatformTx): Promise<number> {
    const rows = await tx.query(
      'update erasures set telegram_id_sealed = null where telegram_id_sealed is not null and keep_until <= $1 returning 1',
      [this.clock.now()],
    );
    return rows.length;
  }

  private async keep(tx: TenantTx, row: ErasureRow, sealed: Buffer, by: string): Promise<void> {
    await tx.query(
      `insert into erasures (tenant_id, id, pseudonym, telegram_id_sealed, keep_until, requested_by, created_at)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [tx.tenantId, row.id, row.pseudonym, sealed, row.keepUntil, by, row.createdAt],
    );
  }
}
