import { Injectable } from '@nestjs/common';
import type { TenantTx } from '#libs/database';
import { MINUTE } from '#libs/kernel';
import { mayRenew } from '#libs/sales';
import type { ObligationCount, ObligationRow } from './removal.js';

/** Telegram tells nothing of a payment that is given up: an approval counts for so long. */
const APPROVAL_MS = 10 * MINUTE;

/** Reads what a bot has begun at Telegram and owes to its buyers, from the rows of each. Whether the bot is removed does not matter. */
@Injectable()
export class ObligationReader {
  /** Of each kind of which there is any. */
  counts(tx: TenantTx, botId: string, now: Date): Promise<ObligationCount[]> {
    return tx.query<ObligationCount>(
      `${LEFT} select kind, (count(*) filter (where failure is null))::int as pending,
         (count(*) filter (where failure is not null))::int as failed
       from left_to_end group by kind order by kind`,
      [tx.tenantId, botId, since(now)],
    );
  }

  /** Failures first. @param which `failed` leaves out what may still end by itself */
  list(
    tx: TenantTx,
    botId: string,
    { which, limit }: { readonly which: 'all' | 'failed'; readonly limit: number },
    now: Date,
  ): Promise<ObligationRow[]> {
    return tx.query<ObligationRow>(
      `${LEFT} select kind, id, left(failure, 500) as failure from left_to_end where $4 = 'all' or failure is not null
       order by failure is null, kind, id limit $5`,
      [tx.tenantId, botId, since(now), which, limit],
    );
  }

  /** Writes down with a removal what could not be ended, and what was not waited for. Done twice it is done once. */
  async keep(tx: TenantTx, botId: string, removalId: string, now: Date): Promise<void> {
    await tx.query(
      `${LEFT} insert into bot_removal_failures (tenant_id, removal_id, kind, subject, reason)
       select $1, $4::uuid, kind, id, left(coalesce(nullif(failure, ''), 'It was not waited for any longer.'), 500) from left_to_end
       on conflict (tenant_id, removal_id, kind, subject) do nothing`,
      [tx.tenantId, botId, since(now), removalId],
    );
  }

  /** How many subscriptions run on without a further payment. */
  async stopped(tx: TenantTx, botId: string): Promise<number> {
    const [row] = await tx.query<{ count: number }>(
      `select count(*)::int as count from subscriptions where tenant_id = $1 and bot_id = $2 and locked and state <> 'ended'`,
      [tx.tenantId, botId],
    );
    return row?.count ?? 0;
  }
}

const since = (now: Date) => new Date(now.getTime() - APPROVAL_MS);

const jobOf = (alias: string, kinds: string, subject: string) =>
  `left join jobs ${alias} on ${alias}.tenant_id = $1 and ${alias}.kind in (${kinds}) and ${alias}.subject = ${subject}`;

const failedLink = (kind: string, id: string) =>
  `(select f.reason from bot_removal_failures f join bot_removals r on r.tenant_id = f.tenant_id and r.id = f.removal_id
    where r.tenant_id = $1 and r.bot_id = $2 and r.state <> 'done' and f.kind = '${kind}' and f.subject = ${id}::text)`;

/** $1 the tenant, $2 the bot, $3: what was approved before then is given up. `speaks`: it takes a token that works. */
const LEFT = `
with bot as (
  select token_sealed is null or token_refused_at is not null or state = 'token_invalid' as mute
  from bots where tenant_id = $1 and id = $2
), found as (
  select 'renewal' as kind, s.id::text as id, true as speaks,
    case when s.first_charge_id is null then 'Telegram’s name for it is not known: its first payment was not reported.'
      when s.wish is distinct from 'cancel' then s.wish_failure
      when j.state = 'parked' then coalesce(j.error, 'Telegram was asked too often.') end as failure
  from subscriptions s ${jobOf('j', `'subscription.edit'`, 's.id')}
  where s.tenant_id = $1 and s.bot_id = $2 and ${mayRenew('s')}
  union all
  select 'farewell', s.id::text, true, case when j.state is distinct from 'waiting' then 'The buyer could not be told.' end
  from subscriptions s ${jobOf('j', `'subscription.watch'`, 's.id')}
  where s.tenant_id = $1 and s.bot_id = $2 and s.state = 'canceled' and s.canceled_by = 'removal' and s.buyer_id > 0
    and s.farewell_until is distinct from s.paid_until
  union all
  select 'second_renewal', c.id::text, true, case when j.state = 'parked' then coalesce(j.error, 'Telegram was asked too often.') end
  from jobs j join charges c on c.tenant_id = j.tenant_id and c.id = j.subject
  where j.tenant_id = $1 and j.kind = 'subscription.stop' and c.bot_id = $2
  union all
  select 'order', o.id::text, true, case
      when exists (select from jobs j where j.tenant_id = $1 and j.subject = o.id and j.state = 'waiting'
        and j.kind in ('order.deliver', 'order.fulfil', 'fulfilment.deadline')) then null
      when exists (select from events e where e.tenant_id = $1 and e.order_id = o.id and e.relayed_at is null) then null
      else coalesce(nullif(o.delivery_error, ''), 'The buyer has paid and has nothing.') end
  from orders o
  where o.tenant_id = $1 and o.bot_id = $2 and o.state = 'paid' and o.delivery in ('waiting', 'generating', 'failed', 'unreachable')
    and o.billing <> 'credits'
  union all
  select 'refund', r.id::text, true, case when j.state = 'waiting' then null else coalesce(r.failure, 'Nobody goes on with it.') end
  from refunds r join charges c on c.tenant_id = r.tenant_id and c.id = r.charge_id ${jobOf('j', `'refund.execute'`, 'r.id')}
  where r.tenant_id = $1 and c.bot_id = $2 and r.state in ('requested', 'sent', 'unknown')
  union all
  select 'payment', o.id::text, false, null from orders o
  where o.tenant_id = $1 and o.bot_id = $2 and o.state = 'approved' and o.approved_at > $3
  union all
  select 'update', i.update_id::text, i.attempts > 0, null from inbox i where i.tenant_id = $1 and i.bot_id = $2 and i.state = 'waiting'
  union all
  select 'answer', t.id::text, true, null
  from jobs j join support_threads t on t.tenant_id = j.tenant_id and t.id = j.subject
  where j.tenant_id = $1 and j.kind = 'support.send' and j.state = 'waiting' and t.bot_id = $2
  union all
  select 'refund_notice', r.id::text, true, null
  from jobs j join refunds r on r.tenant_id = j.tenant_id and r.id = j.subject
    join charges c on c.tenant_id = r.tenant_id and c.id = r.charge_id
  where j.tenant_id = $1 and j.kind = 'refund.notify' and j.state = 'waiting' and c.bot_id = $2
  union all
  select 'spending', p.id::text, false, case when p.state = 'unknown' then coalesce(p.failure, 'Its outcome is not known.') end
  from spendings p where p.tenant_id = $1 and p.bot_id = $2 and p.state in ('begun', 'unknown')
  union all
  select 'invite_link', a.id::text, true, ${failedLink('invite_link', 'a.id')}
  from chat_accesses a where a.tenant_id = $1 and a.bot_id = $2 and a.link is not null
    and (a.link_expires_at is null or a.link_expires_at > now())
  union all
  select 'paid_link', l.id::text, true, ${failedLink('paid_link', 'l.id')}
  from chat_paid_links l join chats c on c.tenant_id = l.tenant_id and c.id = l.chat_id
  where l.tenant_id = $1 and c.bot_id = $2 and l.revoked_at is null
), left_to_end as (
  select kind, id, coalesce(failure, case when speaks and mute then 'Telegram refuses the token of the bot.' end) as failure
  from found, bot
)`;
