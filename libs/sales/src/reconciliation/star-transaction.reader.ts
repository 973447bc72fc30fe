import { Injectable } from '@nestjs/common';
import { Database, type TenantTx } from '#libs/database';
import { Telegram } from '#libs/telegram';
import { isLast, keyOf, PAGE, readFrom, readTransaction } from './star-transaction.js';
import { StarTransactionStore } from './star-transaction.store.js';

/** The bot whose list is read. */
export interface ListOwner {
  readonly tenantId: string;
  readonly botId: string;
  readonly token: string;
}

/** The result of one page. */
export interface PageRead {
  /** Rows on the page that follow the known ones, and the number of new ones among them. */
  readonly rows: number;
  readonly brought: number;
  /** True if no row follows this page. */
  readonly atEnd: boolean;
  /** The order of the list has changed, so it is being read again from its start. */
  readonly disorder: string | undefined;
}

const NOTHING: PageRead = { rows: 0, brought: 0, atEnd: false, disorder: undefined };

/** Withdrawals checked again in one round. */
const WITHDRAWALS = 20;

/**
 * Reads Telegram's list of a bot's Stars into our mirror of it, page by page. Any number of processes may do so
 * concurrently.
 */
@Injectable()
export class StarTransactionReader {
  constructor(
    private readonly db: Database,
    private readonly telegram: Telegram,
    private readonly stars: StarTransactionStore,
  ) {}

  /**
   * Reads the next page.
   * @param note runs in the transaction that stores the page and moves the cursor
   * @throws TelegramRefused, TelegramUnreachable: then nothing was stored
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
   * Reads to the end of the list.
   * @param pages maximum number of pages
   * @returns true when the end was reached; otherwise call again to continue
   */
  async catchUp(owner: ListOwner, pages: number): Promise<boolean> {
    for (let page = 0; page < pages; page += 1) {
      if ((await this.readPage(owner)).atEnd) return true;
    }
    return false;
  }

  /** Withdrawals change in place (Bot API, RevenueWithdrawalState): reads each pending one again, at its position. */
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
