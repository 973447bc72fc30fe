import { Injectable } from '@nestjs/common';
import { Database, exactTime, type TenantTx } from '#libs/database';
import { NotFound } from '#libs/kernel';
import { addUp, type Period, type Totals, type Turnover } from './statement.js';
import { CSV_HEADER, csvLine, type StatementLine } from './statement-csv.js';

export interface Statement {
  readonly totals: Totals;
  /** Total discount by promo codes on sales recorded in the period. */
  readonly givenAway: { readonly count: number; readonly stars: number };
  /** ISO 8601; later bookings are not included. */
  readonly asOf: string;
}

/**
 * A bot's income and refunds, from the ledger. The booking time decides: a charge that a reconciliation finds later is
 * in a later statement. The Stars of a past period never change; those that were held become earned when their creator
 * delivers something for them.
 */
@Injectable()
export class StatementService {
  /** Lines per read. */
  protected readonly page: number = 5_000;

  constructor(private readonly db: Database) {}

  /** @throws NotFound when the tenant has no such bot */
  statement(tenantId: string, botId: string, period: Period): Promise<Statement> {
    return this.db.inReport(tenantId, async (tx, asOf) => {
      await assertRegistered(tx, botId);
      const parameters = [tenantId, botId, period.from, period.to, asOf];
      const [given] = await tx.query<{ count: number; stars: number }>(GIVEN_AWAY, parameters);
      const turnover = await tx.query<Turnover>(TURNOVER, parameters);
      return { totals: addUp(turnover), givenAway: given ?? { count: 0, stars: 0 }, asOf };
    });
  }

  /**
   * The period line by line as CSV, in the order of booking, generated while it is read: at most two pages of 5,000
   * lines are in memory, and no transaction stays open between two pages, however slow the reader is. The ledger is
   * append-only and everything booked after `asOf` is left out, so the pages form one snapshot, unless a transaction
   * that was already open then books something later; such transactions last for milliseconds.
   * @throws NotFound before the first line
   */
  async csv(
    tenantId: string,
    botId: string,
    period: Period,
  ): Promise<{ readonly asOf: string; readonly pages: AsyncIterable<string> }> {
    const asOf = await this.db.inReport(tenantId, async (tx, time) => {
      await assertRegistered(tx, botId);
      return time;
    });
    return { asOf, pages: this.pages(tenantId, botId, period, asOf) };
  }

  private async *pages(tenantId: string, botId: string, period: Period, asOf: string): AsyncGenerator<string> {
    yield CSV_HEADER;
    let after: Place = { place: period.from.toISOString(), entryId: BEFORE_ALL };
    for (;;) {
      const parameters = [tenantId, botId, after.place, after.entryId, period.to, asOf, this.page];
      const read = (tx: TenantTx) => tx.query<StatementLine & Place>(LINES, parameters);
      const lines = await this.db.inReport(tenantId, read, asOf);
      const last = lines.at(-1);
      if (last !== undefined) yield lines.map(csvLine).join('');
      if (last === undefined || lines.length < this.page) return;
      after = last;
    }
  }
}

/** The end of a page: time of booking in microseconds, which a Date would lose, and entry. */
interface Place {
  readonly place: string;
  readonly entryId: string;
}

const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

// A match is dated by its charge. There are few, so they come first.
const TURNOVER = `
select cause, account, count(*)::int as count, sum(stars)::bigint as stars from ledger_entries
where tenant_id = $1 and bot_id = $2 and created_at >= $3 and created_at < $4 and created_at <= $5::timestamptz
  and cause <> 'match'
group by cause, account
union all
select m.cause, m.account, count(*)::int, sum(m.stars)::bigint
from ledger_entries m
join ledger_entries c on c.tenant_id = m.tenant_id and c.cause = 'charge' and c.cause_id = m.cause_id and c.account = 'telegram'
where m.tenant_id = $1 and m.bot_id = $2 and m.cause = 'match' and m.created_at <= $5::timestamptz
  and c.created_at >= $3 and c.created_at < $4
group by m.cause, m.account`;

// Lateral with a limit: each line looks up its cause by index, whatever the planner estimates. A CASE and no COALESCE:
// under row-level security PostgreSQL considers the latter leaky, and a leaky condition uses no index.
const LINES = `
with page as materialized (
  select id, cause, cause_id, stars, created_at from ledger_entries
  where tenant_id = $1 and bot_id = $2 and (created_at, id) > ($3::timestamptz, $4::uuid)
    and created_at < $5 and created_at <= $6::timestamptz and account = 'telegram'
  order by created_at, id limit $7
)
select e.created_at as "bookedAt", ${exactTime('e.created_at')} as place, e.id as "entryId", e.cause as type, e.stars,
  case when a.account = 'held' and e.cause = 'charge' and exists (select from ledger_entries m where m.tenant_id = $1
    and m.cause = 'match' and m.cause_id = e.cause_id and m.created_at <= $6::timestamptz) then 'earned' else a.account end as account,
  c.id as "chargeId", c.order_id as "orderId", c.telegram_charge_id as "telegramChargeId", c.buyer_id as "buyerId", p.title as product,
  case when e.cause = 'charge' and c.match = 'order' then coalesce(o.list_stars - o.stars, 0) else 0 end as "givenAway"
from page e
left join lateral (select account from ledger_entries a where a.tenant_id = $1 and a.cause = e.cause and a.cause_id = e.cause_id
  and a.account <> 'telegram' order by account limit 1) a on true
left join lateral (select charge_id from refunds r where e.cause = 'refund' and r.tenant_id = $1 and r.id = e.cause_id limit 1) r on true
left join lateral (select * from charges c where c.tenant_id = $1 and c.id = case e.cause when 'refund' then r.charge_id else e.cause_id end limit 1) c on true
left join lateral (select product_id, list_stars, stars from orders o where o.tenant_id = $1 and o.id = c.order_id limit 1) o on true
left join lateral (select title from products p where p.tenant_id = $1 and p.id = o.product_id limit 1) p on true
order by e.created_at, e.id`;

const GIVEN_AWAY = `
select count(*)::int as count, coalesce(sum(o.list_stars - o.stars), 0)::bigint as stars
from orders o
join charges c on c.tenant_id = o.tenant_id and c.order_id = o.id and c.match = 'order'
join ledger_entries e on e.tenant_id = c.tenant_id and e.cause = 'charge' and e.cause_id = c.id and e.account = 'earned'
where o.tenant_id = $1 and o.bot_id = $2 and o.promo_code_id is not null
  and e.created_at >= $3 and e.created_at < $4 and e.created_at <= $5::timestamptz`;

/** @throws NotFound */
async function assertRegistered(tx: TenantTx, botId: string): Promise<void> {
  const rows = await tx.query(`select from bots where tenant_id = $1 and id = $2 and state <> 'registering'`, [
    tx.tenantId,
    botId,
  ]);
  if (rows.length === 0) throw new NotFound('bot');
}
