import { Injectable } from '@nestjs/common';
import type { TenantTx } from '#libs/database';
import { MONEY_LANES } from '#libs/journal';
import type { Pair, UnderWay } from './erasure.js';

/** The rows that hold a person. Everything here is done in the caller's transaction. */
@Injectable()
export class ErasureStore {
  /** Locks what belongs to a buyer, orders before the buyer as sales do. @returns whether anything is known of them */
  async lock(tx: TenantTx, telegramId: number): Promise<boolean> {
    const key = [tx.tenantId, telegramId];
    await tx.query(`select pg_advisory_xact_lock(hashtextextended('erasure ' || $1 || ' ' || $2::text, 0))`, key);
    await tx.query(
      `select 1 from orders where tenant_id = $1
         and (bot_id, buyer_id) in (select bot_id, telegram_id from buyers where tenant_id = $1 and telegram_id = $2)
       order by id for update`,
      key,
    );
    await tx.query('select 1 from buyers where tenant_id = $1 and telegram_id = $2 order by bot_id for update', key);
    const [known] = await tx.query<{ known: boolean }>(KNOWN, key);
    return known?.known ?? false;
  }

  /** What is under way that needs the person. */
  async underWay(tx: TenantTx, telegramId: number, now: Date): Promise<UnderWay[]> {
    const [found] = await tx.query<Record<UnderWay, boolean>>(UNDER_WAY, [
      tx.tenantId,
      telegramId,
      new Date(now.getTime() - TEN_MINUTES),
    ]);
    return found === undefined ? [] : (Object.keys(found) as UnderWay[]).filter((one) => found[one]);
  }

  /** Puts pseudonyms in the place of persons, in all that the books need. */
  async replace(tx: TenantTx, pairs: readonly Pair[]): Promise<void> {
    const given = [tx.tenantId, pairs.map((pair) => pair.telegramId), pairs.map((pair) => pair.pseudonym)];
    for (const statement of STATEMENTS) await tx.query(`${PAIRS} ${statement}`, given);
  }

  /** The same for what was written down about one person on the way: updates, events, answers. After {@link replace}. */
  async scrub(tx: TenantTx, { telegramId, pseudonym }: Pair, now: Date): Promise<void> {
    const given = [tx.tenantId, String(telegramId), String(pseudonym)];
    await tx.query(INBOX, [...given.slice(0, 2), pseudonym, now]);
    await tx.query(LOOSE_EVENTS, given);
    await tx.query(ANSWERS, given);
  }
}

const TEN_MINUTES = 600_000;

const KNOWN = `
select exists (select from buyers where tenant_id = $1 and telegram_id = $2)
  or exists (select from charges where tenant_id = $1 and buyer_id = $2)
  or exists (select from credit_accounts where tenant_id = $1 and buyer_id = $2)
  or exists (select from stray_payments where tenant_id = $1 and buyer_id = $2)
  or exists (select from star_transactions where tenant_id = $1 and buyer_id = $2) as known`;

/** Where updates of somebody's private chat wait. */
const LANES = (id: string) => `lane in (${id}, ${MONEY_LANES} - ${id})`;

const THEIRS = `(o.bot_id, o.buyer_id) in (select bot_id, telegram_id from buyers where tenant_id = $1 and telegram_id = $2)`;

// Telegram tells nothing of a payment that is given up: an approval counts for ten minutes.
const UNDER_WAY = `
select
  exists (select from orders o where o.tenant_id = $1 and ${THEIRS} and (o.state = 'approved' and o.approved_at > $3
      or o.unlocked_at > $3 and o.state not in ('paid', 'refunded')))
    or exists (select from inbox where tenant_id = $1 and ${LANES('$2')} and state = 'parked'
      and kind in ('successful_payment', 'refunded_payment')) as payment,
  exists (select from charges c where c.tenant_id = $1 and c.buyer_id = $2 and c.state = 'refund_pending') as refund,
  exists (select from orders o where o.tenant_id = $1 and ${THEIRS} and o.state = 'paid' and o.delivery in ('waiting', 'generating'))
    as delivery,
  exists (select from inbox where tenant_id = $1 and ${LANES('$2')} and state = 'waiting')
    or exists (select from support_threads t join support_messages m on m.tenant_id = t.tenant_id and m.thread_id = t.id
      where t.tenant_id = $1 and t.buyer_id = $2 and m.delivery = 'waiting') as message,
  exists (select from support_threads where tenant_id = $1 and buyer_id = $2 and state = 'open') as question,
  exists (select from subscriptions where tenant_id = $1 and buyer_id = $2 and (state <> 'ended' or wish is not null)) as subscription`;

const PAIRS = `with p as (select * from unnest($2::bigint[], $3::bigint[]) as p (telegram_id, pseudonym))`;

const ERASED = `'[erased]'`;

/** A number of the person's, also inside of other text: whole digits. */
const REPLACED = (what: string, from: string, to: string) =>
  `regexp_replace(${what}::text, '(?<![0-9])' || ${from} || '(?![0-9])', ${to}, 'g')::jsonb`;

const CLEANED = (what: string) =>
  `case when ${what} is null then null else ${what} || jsonb_strip_nulls(jsonb_build_object(
     'metadata', case when ${what} ? 'metadata' then '{}'::jsonb end)) - (case when ${what} ->> 'object' = 'refund' then 'reason' else '' end) end`;

const EVENTS_OF_ORDERS = `
update events e set data = ${REPLACED(`(${CLEANED('e.data')})`, 'p.telegram_id', 'p.pseudonym::text')},
  previous = ${REPLACED(`(${CLEANED('e.previous')})`, 'p.telegram_id', 'p.pseudonym::text')}
from orders o join p on p.telegram_id = o.buyer_id
where o.tenant_id = $1 and e.tenant_id = $1 and e.order_id = o.id`;

/** In this order: events are found by the orders' buyers, and buyers go when nothing refers to them any more. */
const STATEMENTS: readonly string[] = [
  EVENTS_OF_ORDERS,
  `update webhook_attempts a set response = null
   from webhook_deliveries d join events e on e.tenant_id = d.tenant_id and e.id = d.event_id
     join orders o on o.tenant_id = e.tenant_id and o.id = e.order_id join p on p.telegram_id = o.buyer_id
   where a.tenant_id = $1 and d.tenant_id = $1 and a.delivery_id = d.id and a.response is not null`,
  `insert into buyers (tenant_id, bot_id, telegram_id, reachable, created_at)
   select b.tenant_id, b.bot_id, p.pseudonym, false, b.created_at from buyers b join p using (telegram_id) where b.tenant_id = $1`,
  `update fulfilments f set goods_kind = 'text', goods = ${ERASED}, goods_file_id = null
   from orders o join p on p.telegram_id = o.buyer_id
   where f.tenant_id = $1 and o.tenant_id = $1 and f.order_id = o.id and f.state = 'ready'`,
  `update manual_deliveries m set reason = ${ERASED}
   from orders o join p on p.telegram_id = o.buyer_id where m.tenant_id = $1 and o.tenant_id = $1 and m.order_id = o.id`,
  `update refunds r set reason = null, metadata = '{}'
   from charges c join p on p.telegram_id = c.buyer_id where r.tenant_id = $1 and c.tenant_id = $1 and r.charge_id = c.id`,
  `update orders o set buyer_id = p.pseudonym, metadata = '{}', arguments = null from p where o.tenant_id = $1 and o.buyer_id = p.telegram_id`,
  `update charges c set buyer_id = p.pseudonym, provider_charge_id = null, metadata = '{}' from p
   where c.tenant_id = $1 and c.buyer_id = p.telegram_id`,
  `update subscriptions s set buyer_id = p.pseudonym, metadata = '{}' from p where s.tenant_id = $1 and s.buyer_id = p.telegram_id`,
  // Who has it stays where they are; nobody knows any more who that is.
  `update chat_accesses a set buyer_id = p.pseudonym, state = 'ended', ended_at = coalesce(ended_at, now()), requested_at = null,
     link = null, link_expires_at = null from p where a.tenant_id = $1 and a.buyer_id = p.telegram_id`,
  `update chat_accesses a set intruder_id = null from p where a.tenant_id = $1 and a.intruder_id = p.telegram_id`,
  `update product_views v set buyer_id = p.pseudonym from p where v.tenant_id = $1 and v.buyer_id = p.telegram_id`,
  `update entitlements e set buyer_id = p.pseudonym from p where e.tenant_id = $1 and e.buyer_id = p.telegram_id`,
  `update credit_accounts a set buyer_id = p.pseudonym from p where a.tenant_id = $1 and a.buyer_id = p.telegram_id`,
  `update star_transactions s set buyer_id = p.pseudonym, raw = '{}' from p where s.tenant_id = $1 and s.buyer_id = p.telegram_id`,
  `update stray_payments s set buyer_id = p.pseudonym, payload = null, telegram_charge_id = null from p
   where s.tenant_id = $1 and s.buyer_id = p.telegram_id`,
  `update support_messages m set text = ${ERASED}, telegram_message_id = null, delivery_error = null,
     file_kind = null, file_id = null, file_name = null
   from support_threads t join p on p.telegram_id = t.buyer_id where m.tenant_id = $1 and t.tenant_id = $1 and m.thread_id = t.id`,
  `update support_threads t set buyer_id = p.pseudonym, state = 'closed', closed_at = coalesce(closed_at, now()) from p
   where t.tenant_id = $1 and t.buyer_id = p.telegram_id`,
  `update business_connections c set user_id = p.pseudonym, rights = '{}', enabled = false from p
   where c.tenant_id = $1 and c.user_id = p.telegram_id`,
  `update spendings s set person_id = p.pseudonym, details = s.details - 'text' from p
   where s.tenant_id = $1 and s.person_id = p.telegram_id`,
  `update spendings s set details = s.details - 'to_telegram_id' from p
   where s.tenant_id = $1 and s.details ->> 'to_telegram_id' = p.telegram_id::text`,
  `delete from promo_guesses g using p where g.tenant_id = $1 and g.buyer_id = p.telegram_id`,
  `delete from terms_consents c using p where c.tenant_id = $1 and c.buyer_id = p.telegram_id`,
  `delete from promo_wallets w using p where w.tenant_id = $1 and w.buyer_id = p.telegram_id`,
  `delete from alert_chats a using p where a.tenant_id = $1 and a.telegram_id = p.telegram_id`,
  `delete from buyers b using p where b.tenant_id = $1 and b.telegram_id = p.telegram_id`,
];

/** The plain search is quick and leaves few rows to the other one. */
const MENTIONS = (what: string) =>
  `(strpos(${what}::text, $2::text) > 0 and ${what}::text ~ ('(?<![0-9])' || $2::text || '(?![0-9])'))`;

// The row stays: Telegram may send the same update once more. A parked one about nothing but talk is laid to rest.
const INBOX = `
update inbox set body = '{}', lane = $3, error = null, state = 'done', handled_at = coalesce(handled_at, $4),
  resolution = case when state = 'parked' then 'Erased with its buyer.' else resolution end
where tenant_id = $1 and state <> 'waiting' and (${LANES('($2::text)::bigint')} or ${MENTIONS('body')})`;

const LOOSE_EVENTS = `
with changed as (
  update events set data = ${REPLACED('data', '$2', '$3')}, previous = ${REPLACED('previous', '$2', '$3')}
  where tenant_id = $1 and (${MENTIONS('data')} or ${MENTIONS('previous')}) returning id
)
update webhook_attempts a set response = null
from webhook_deliveries d join changed on changed.id = d.event_id
where a.tenant_id = $1 and d.tenant_id = $1 and a.delivery_id = d.id and a.response is not null`;

const ANSWERS = `
update credit_requests set answer = ${REPLACED('answer', '$2', '$3')} where tenant_id = $1 and ${MENTIONS('answer')}`;
