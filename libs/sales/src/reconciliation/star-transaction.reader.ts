import { Injectable } from '@nestjs/common';
import { Database, type TenantTx } from '#libs/database';
import { Telegram } from '#libs/telegram';
import { isLast, keyOf, PAGE, readFrom, readTransaction } from './star-transaction.js';
import { StarTransactionStore } from './star-transaction.store.js';

/** Whose list is read. */
export interface ListOwner {
  readonly tenantId: string;
  readonly botId: string;
  readonly token: string;
}

/** What one page came to. */
export interface PageRead {
  /** Rows on the page that come after what was known, and how many of them are new. */
  readonly rows: number;
  readonly brought: number;
  /** Nothing came after this page. */
  readonly atEnd: boolean;
  /** The list turned out to be in another order than before and is being read from its start. */
  readonly disorder: string | undefined;
}

const NOTHING: PageRead = { rows: 0, brought: 0, atEnd: false, disorder: undefined };

/** Withdrawals looked at again in one round. */
const WITHDRAWALS = 20;

/** Reads Telegram's list of a bot's Stars into our mirror of it, page by page. Any number may do so at once. */
@Injectable()
export class StarTransactionReader {
  constructor(
    private readonly db: Database,
    private readonly telegram: Telegram,
    private readonly stars: StarTransactionStore,
  ) {}

  /**
   * Reads one page on.
   * @param note runs in the transaction that keeps the page and moves the cursor
   * @throws TelegramRefused, TelegramUnreachable: then nothing was kept
   */
  async readPage(owner: ListOwner, note?: (tx: TenantTx, page: PageRead) => Promise<void>): Promise<PageRead> {
    const { tenantId, botId, token } = owner;
    const cursor = await this.db.inTenant(tenantId, (tx) => this.stars.cursor(tx, botId));
    const page = (await this.telegram.starTransactions(token, readFrom(cursor), PAGE)).map(readTransaction);
    return this.db.inTenant(tenantId, async (tx) => {
      const kept = await this.stars.keep(tx, botId, cursor, page);
      if (kept.kind === 'overtaken') return NOTHING;
      const read: PageRead =
        kept.kind === 'disorder'
          ? { ...NOTHING, disorder: kept.why }
          : { rows: kept.rows, brought: kept.brought, atEnd: isLast(page), disorder: undefined };
      await note?.(tx, read);
      return read;
    });
  }

  /**
   * Reads on to the end of the list.
   * @param pages to read at most
   * @returns whether the end was reached; otherwise ask again, it goes on from there
   */
  async catchUp(owner: ListOwner, pages: number): Promise<boolean> {
    for (let page = 0; page < pages; page += 1) {
      if ((await this.readPage(owner)).atEnd) return true;
    }
    return false;
  }

  /** Withdrawals change in place (Bot API, RevenueWithdrawalState): looks at each pending one again, where it was. */
  async renewWithdrawals({ tenantId, botId, token }: ListOwner): Promise<void> {
    const pending = await this.db.inTenant(tenantId, (tx) => this.stars.pendingWithdrawals(tx, botId, WITHDRAWALS));
    for (const known of pending) {
      const [found] = await this.telegram.starTransactions(token, known.position, 1);
      const row = found && readTransaction(found);
      const inPlace = row !== undefined && keyOf(row) === keyOf(known);
      if (inPlace && (row.withdrawal === 'pending' || row.problem !== null)) continue;
      await this.db.inTenant(tenantId, async (tx) => {
        await this.stars.lockCursor(tx, botId);
        await (inPlace ? this.stars.renew(tx, botId, row) : this.stars.reread(tx, botId));
      });
    }
  }
}
