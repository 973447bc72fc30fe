import { Injectable } from '@nestjs/common';
import { columnsOf, likeLiteral, type TenantTx } from '#libs/database';
import { BuyerRow } from '../buyers/buyer.entity.js';

/** A buyer of one bot, as the position at which a page of the list ends or starts. */
export interface BuyerPlace {
  readonly telegramId: number;
  readonly botId: string;
}

export interface BuyerFilter {
  readonly botId?: string | undefined;
  /** A prefix of a first name, a last name or a username, ignoring case; or a complete Telegram id. */
  readonly search?: string | undefined;
  readonly after?: BuyerPlace | undefined;
  /** Only buyers newer than this one, nearest first: the caller reverses them. Excludes `after`. */
  readonly before?: BuyerPlace | undefined;
  readonly limit: number;
}

/** A buyer with the number of their paid orders in that bot. */
export interface ListedBuyer extends BuyerRow {
  readonly orders: number;
  readonly stars: number;
  readonly lastPaidAt: Date | null;
}

const ORDERED = {
  desc: 'b.created_at desc, b.telegram_id desc, b.bot_id desc',
  asc: 'b.created_at, b.telegram_id, b.bot_id',
};

/** Buyers as the creators' API lists them, without erased ones. */
@Injectable()
export class BuyerList {
  /** Newest first, or nearest first with `before`; one more than `limit`. */
  list(tx: TenantTx, { botId, search, after, before, limit }: BuyerFilter): Promise<ListedBuyer[]> {
    const parameters: unknown[] = [tx.tenantId, limit + 1];
    const bind = (value: unknown) => `$${String(parameters.push(value))}`;
    const conditions = ['b.tenant_id = $1', 'b.telegram_id > 0'];
    if (botId !== undefined) conditions.push(`b.bot_id = ${bind(botId)}`);
    if (search !== undefined) conditions.push(isMeant(search, bind));
    const place = before ?? after;
    const order = ORDERED[before === undefined ? 'desc' : 'asc'];
    if (place !== undefined) {
      const [telegramId, bot] = [bind(place.telegramId), bind(place.botId)];
      conditions.push(`(b.created_at, b.telegram_id, b.bot_id) ${before === undefined ? '<' : '>'} (
        select p.created_at, p.telegram_id, p.bot_id from buyers p
        where p.tenant_id = $1 and p.telegram_id = ${telegramId} and p.bot_id = ${bot})`);
    }
    return tx.query<ListedBuyer>(
      `select ${columnsOf(BuyerRow, 'b')}, paid.orders, paid.stars, paid.last as "lastPaidAt"
       from (
         select b.* from buyers b where ${conditions.join(' and ')}
         order by ${order} limit $2
       ) b
       cross join lateral (
         select count(*)::int as orders, coalesce(sum(o.stars), 0)::bigint as stars, max(o.paid_at) as last from orders o
         where o.tenant_id = $1 and o.bot_id = b.bot_id and o.buyer_id = b.telegram_id and o.state in ('paid', 'refunded')
           and o.billing <> 'credits'
       ) paid
       order by ${order}`,
      parameters,
    );
  }
}

const DIGITS = /^[1-9]\d{0,15}$/;

/** Finds buyers by a prefix of their names. Characters special to LIKE are escaped. */
function isMeant(search: string, bind: (value: unknown) => string): string {
  const text = search.trim().toLowerCase().replace(/^@/, '');
  const begins = bind(`${likeLiteral(text)}%`);
  const ways = ['lower(b.first_name)', 'lower(b.last_name)', 'b.username_key'].map((name) => `${name} like ${begins}`);
  if (DIGITS.test(text)) ways.push(`b.telegram_id = ${bind(Number(text))}`);
  return `(${ways.join(' or ')})`;
}
