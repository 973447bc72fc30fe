import { type DataSource, QueryFailedError } from 'typeorm';
import { Doorbell, type JobKind } from '#libs/journal';
import { parseId } from '#libs/kernel';
import { openAsOwner } from './database.js';
import { eventually, noting } from './eventually.js';
import type { RegisteredBot, Starwall } from './starwall.js';

export interface InboxEntry {
  readonly update_id: number;
  readonly kind: string;
  readonly state: 'waiting' | 'done' | 'parked';
  readonly attempts: number;
  readonly error: string | null;
  readonly body: Record<string, unknown>;
}

const uuidOf = (bot: RegisteredBot) => parseId('bot', bot.id);

/** 40P01: deadlock_detected. */
const isDeadlock = (error: unknown) => error instanceof QueryFailedError && error.driverError.code === '40P01';

/** Reads rows that no API shows, as the database's owner, and makes time pass faster. */
export class Backstage {
  private constructor(
    private readonly starwall: Starwall,
    private readonly owner: DataSource,
  ) {}

  static async open(starwall: Starwall): Promise<Backstage> {
    return new Backstage(starwall, await openAsOwner());
  }

  close(): Promise<void> {
    return this.owner.destroy();
  }

  /** Repeats a statement that PostgreSQL aborted because of a deadlock with the system. */
  async query<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    const note = noting();
    const ask = (): Promise<Row[]> =>
      this.owner.query(sql, [...parameters]).catch((error: unknown) => {
        if (isDeadlock(error)) return ask();
        throw error;
      });
    const rows = await ask();
    note(rows);
    return rows;
  }

  /** Waits until a session waits for a lock on this table. */
  async waitedFor(table: string): Promise<void> {
    await eventually(`a session that waits for ${table}`, async () => {
      const rows = await this.query(
        `select 1 from pg_locks where not granted and relation = $1::regclass
           and database = (select oid from pg_database where datname = current_database())`,
        [table],
      );
      return rows.length > 0;
    });
  }

  /** Returns all stored updates of a bot, in order of arrival. */
  inbox(bot: RegisteredBot): Promise<InboxEntry[]> {
    return this.query(
      'select update_id, kind, state, attempts, error, body from inbox where bot_id = $1 order by seq',
      [uuidOf(bot)],
    );
  }

  async entry(bot: RegisteredBot, updateId: number): Promise<InboxEntry | undefined> {
    return (await this.inbox(bot)).find((entry) => entry.update_id === updateId);
  }

  /** Makes the next attempt at a bot's failed updates due now; with `last`, that attempt is the last one. */
  async hurryUpdates(bot: RegisteredBot, last?: 'last'): Promise<void> {
    await this.query(
      `update inbox set due_at = now(), attempts = case when $2 then greatest(attempts, 7) else attempts end
       where bot_id = $1 and state = 'waiting' and lease_until is null and error is not null`,
      [uuidOf(bot), last === 'last'],
    );
    this.ring('inbox');
  }

  /** Makes the jobs of a bot's tenant due now. */
  async hurryJobs(bot: RegisteredBot): Promise<void> {
    await this.query(
      `update jobs set due_at = now() where lease is null and tenant_id = (select tenant_id from bots where id = $1)`,
      [uuidOf(bot)],
    );
    for (const bell of ['delivery', 'refunds', 'webhooks', 'fulfilment'] as const) this.ring(bell);
  }

  /** Ends the delay of bot imports, and makes them due now. */
  async hurryImports(): Promise<void> {
    await this.query('update registration_paces set next_at = now()');
    await this.query(`update jobs set due_at = now() where lease is null and kind = 'bot.import'`);
    this.ring('books');
  }

  /** Ages one subscription: moves all its dates back, and makes its check due now. @param by a PostgreSQL interval */
  async ageSubscription(publicId: string, by: string): Promise<void> {
    const id = parseId('subscription', publicId);
    await this.query(
      `with aged as (
         update entitlements e set starts_at = starts_at - $2::interval, ends_at = ends_at - $2::interval
         from orders o where o.subscription_id = $1 and e.order_id = o.id and e.tenant_id = o.tenant_id returning 1
       )
       update subscriptions set created_at = created_at - $2::interval, paid_until = paid_until - $2::interval,
         access_until = access_until - $2::interval, canceled_at = canceled_at - $2::interval where id = $1`,
      [id, by],
    );
    await this.checkAgain('subscription.watch', id);
  }

  /** Ages one buyer's access to a chat: moves its paid time back, and makes its check due now. */
  async ageAccess(publicId: string, by: string): Promise<void> {
    const id = parseId('chatAccess', publicId);
    await this.query(
      `with aged as (
         update entitlements e set starts_at = starts_at - $2::interval, ends_at = ends_at - $2::interval
         from chat_accesses a join products p on p.tenant_id = a.tenant_id and p.chat_id = a.chat_id
         where a.id = $1 and e.tenant_id = a.tenant_id and e.product_id = p.id and e.buyer_id = a.buyer_id returning 1
       )
       update chat_accesses set access_until = access_until - $2::interval, reminded_until = reminded_until - $2::interval where id = $1`,
      [id, by],
    );
    await this.checkAgain('access.watch', id);
  }

  /** Queues work like the product: a run in progress, which sees the old dates, is followed by another. */
  private async checkAgain(kind: JobKind, subject: string | undefined): Promise<void> {
    await this.query('update jobs set due_at = now(), attempts = 0 where kind = $1 and subject = $2', [kind, subject]);
    this.ring('delivery');
  }

  private ring(bell: Parameters<Doorbell['ring']>[0]): void {
    this.starwall.app.get(Doorbell).ring(bell);
  }
}
