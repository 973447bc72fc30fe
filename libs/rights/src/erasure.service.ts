import { Inject, Injectable } from '@nestjs/common';
import { Database, type PlatformTx } from '#libs/database';
import { EventStore } from '#libs/journal';
import { type Clock, DAY, newUuid } from '#libs/kernel';
import { CLOCK, CONFIG, type Config } from '#libs/runtime';
import { ErasedBuyers, type ErasureRow, type ListedErasure } from '#libs/tenants';
import { BuyerBusy, NoSuchBuyer, pseudonymFrom } from './erasure.js';
import { ErasureStore } from './erasure.store.js';
import { erasureView } from './erasure-view.js';

/** Removes a buyer's personal data from everything that a workspace keeps, and leaves the books unchanged. */
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
   * Erases a buyer in one transaction. An erased buyer who writes again is a new person.
   * @param by public id of an account or a member of staff
   * @throws NoSuchBuyer, even for an erased buyer; BuyerBusy
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
      await this.erased.keep(tx, row, telegramId, by);
      await this.store.replace(tx, [pair]);
      await this.store.scrub(tx, pair, now);
      await this.events.record(tx, { type: 'buyer.erased', data: erasureView(row) });
      return row;
    });
  }

  /** The erasures of all workspaces whose person is still known, oldest first. Keep the list with the backups. */
  list(tx: PlatformTx): Promise<ListedErasure[]> {
    return this.erased.list(tx);
  }

  /**
   * Repeats the erasure of a buyer whom a restored backup has brought back. Idempotent.
   * @returns false when the database has the erasure
   */
  async reapply(listed: ListedErasure): Promise<boolean> {
    return this.db.inTenant(listed.tenantId, async (tx) => {
      const { id, pseudonym } = listed;
      if (await this.erased.isKept(tx, id)) return false;
      const pair = { telegramId: await this.erased.personOf(tx, listed), pseudonym };
      await this.store.lock(tx, pair.telegramId);
      const row = { id, pseudonym, keepUntil: new Date(listed.keepUntil), createdAt: new Date(listed.createdAt) };
      await this.erased.keep(tx, row, pair.telegramId, listed.requestedBy);
      await this.store.replace(tx, [pair]);
      await this.store.scrub(tx, pair, this.clock.now());
      return true;
    });
  }

  /** Deletes the identities of buyers who were erased too long ago for a refund. @returns their number */
  forgetPersons(tx: PlatformTx): Promise<number> {
    return this.erased.forget(tx, this.clock.now());
  }
}
