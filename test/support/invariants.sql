-- The invariants of every tenant's books, which hold at any time and after any crash. Each query returns violations, so each must
-- return no rows. `npm run books` runs them all in one read-only transaction, as a login that sees every tenant; psql does too:
--   psql -v older_than='10 minutes' -f test/support/invariants.sql
-- Pending work counts as a violation only when it is older than `older_than`. Constraints already forbid some of this: the
-- queries stay, because a constraint can be dropped.

-- == Telegram's transaction list and our books

-- invariant: telegram_payment_not_recorded
-- Telegram lists a payment for which we have no charge.
select s.tenant_id, s.bot_id, s.id as telegram_charge_id, s.amount, s.problem
from star_transactions s
left join charges c on c.tenant_id = s.tenant_id and c.bot_id = s.bot_id and c.telegram_charge_id = s.id
where s.direction = 'in' and s.kind in ('invoice_payment', 'paid_media_payment') and s.read_at < now() - :'older_than'::interval and c.id is null;

-- invariant: charge_unknown_to_telegram
-- A reconciliation read the whole list after this charge was recorded, and the charge is not in it.
select c.tenant_id, c.bot_id, c.id as charge_id
from charges c
where exists (
    select from reconciliations r where r.tenant_id = c.tenant_id and r.bot_id = c.bot_id and r.state = 'succeeded'
      and r.started_at > c.created_at + :'older_than'::interval)
  and not exists (
    select from star_transactions s where s.tenant_id = c.tenant_id and s.bot_id = c.bot_id and s.id = c.telegram_charge_id
      and s.direction = 'in');

-- invariant: charge_differs_from_telegram
-- A charge has another amount or buyer than Telegram lists.
select c.tenant_id, c.id as charge_id, c.stars, s.amount, c.buyer_id, s.buyer_id as telegram_buyer_id
from charges c
join star_transactions s on s.tenant_id = c.tenant_id and s.bot_id = c.bot_id and s.id = c.telegram_charge_id and s.direction = 'in'
where s.amount <> c.stars or s.nanostars <> 0 or s.buyer_id is distinct from c.buyer_id;

-- invariant: telegram_refund_not_recorded
-- Telegram refunded a charge that we still show as paid.
select s.tenant_id, s.bot_id, c.id as charge_id, c.state
from star_transactions s
join charges c on c.tenant_id = s.tenant_id and c.bot_id = s.bot_id and c.telegram_charge_id = s.id
where s.direction = 'out' and s.read_at < now() - :'older_than'::interval and c.state <> 'refunded';

-- invariant: refund_unknown_to_telegram
-- We show a charge as refunded, but Telegram's list, read later, does not contain the refund.
select r.tenant_id, r.id as refund_id, c.bot_id
from refunds r
join charges c on c.tenant_id = r.tenant_id and c.id = r.charge_id
where r.state = 'refunded'
  and exists (
    select from reconciliations y where y.tenant_id = c.tenant_id and y.bot_id = c.bot_id and y.state = 'succeeded'
      and y.started_at > r.updated_at + :'older_than'::interval)
  and not exists (
    select from star_transactions s where s.tenant_id = c.tenant_id and s.bot_id = c.bot_id and s.id = c.telegram_charge_id
      and s.direction = 'out');

-- invariant: reconciliation_stuck
-- A reconciliation never ends and so blocks every later one.
select tenant_id, id, bot_id, started_at from reconciliations
where state = 'running' and started_at < now() - interval '1 hour' - :'older_than'::interval;

-- invariant: balance_unexplained
-- The last reconciliation of a bot found Stars that nothing explains.
select tenant_id, bot_id, id, unexplained from (
  select distinct on (tenant_id, bot_id) * from reconciliations where state = 'succeeded' order by tenant_id, bot_id, id desc
) last
where unexplained <> 0 and finished_at < now() - :'older_than'::interval;

-- invariant: unlocked_and_not_paid
-- Telegram unlocked paid media for a buyer, but its whole list, read later, contains no payment for it.
select o.tenant_id, o.bot_id, o.id as order_id, o.unlocked_at
from orders o
where o.unlocked_at is not null and o.state not in ('paid', 'refunded') and exists (
  select from reconciliations r where r.tenant_id = o.tenant_id and r.bot_id = o.bot_id and r.state = 'succeeded'
    and r.started_at > o.unlocked_at + :'older_than'::interval);

-- invariant: paid_and_not_unlocked
-- Telegram lists a payment for paid media whose order is not marked as unlocked.
select c.tenant_id, c.id as charge_id, o.id as order_id
from charges c
join star_transactions s on s.tenant_id = c.tenant_id and s.bot_id = c.bot_id and s.id = c.telegram_charge_id
  and s.direction = 'in' and s.kind = 'paid_media_payment'
join orders o on o.tenant_id = c.tenant_id and o.id = c.order_id
where c.match = 'order' and c.source = 'reconciliation' and o.unlocked_at is null;

-- == Spendings

-- invariant: spending_stuck
-- A call that spends Stars never ends.
select tenant_id, id as spending_id, begun_at from spendings
where state = 'begun' and begun_at < now() - interval '1 hour' - :'older_than'::interval;

-- invariant: spending_over_its_ceiling
-- A spending cost more than the request allowed.
select tenant_id, id as spending_id, stars, max_stars from spendings where stars > max_stars;

-- invariant: spending_unknown_to_telegram
-- A spending or transfer of a bot's Stars is done, but Telegram's whole list, read later, does not contain it.
select s.tenant_id, s.id as spending_id, s.kind
from spendings s
where s.state = 'done' and s.telegram_transaction_id is null and s.kind in ('gift', 'premium', 'star_transfer') and exists (
  select from reconciliations r where r.tenant_id = s.tenant_id and r.bot_id = s.bot_id and r.state = 'succeeded'
    and r.started_at > s.updated_at + :'older_than'::interval);

-- invariant: spending_shown_by_a_strange_row
-- The row of Telegram's list assigned to a spending differs in kind, person or amount.
select s.tenant_id, s.id as spending_id, s.telegram_transaction_id
from spendings s
left join star_transactions t on t.tenant_id = s.tenant_id and t.bot_id = s.bot_id and t.id = s.telegram_transaction_id
  and t.kind = case s.kind when 'gift' then 'gift_purchase' when 'premium' then 'premium_purchase' else 'business_account_transfer' end
where s.telegram_transaction_id is not null
  and (t.id is null or t.amount <> s.stars or t.buyer_id is distinct from s.person_id);

-- == Charges and orders

-- invariant: charge_without_order
-- A charge has no order and is not marked as unmatched.
select c.tenant_id, c.id as charge_id, c.match, c.order_id
from charges c left join orders o on o.tenant_id = c.tenant_id and o.id = c.order_id
where o.id is null and (c.match <> 'unmatched' or c.order_id is not null);

-- invariant: order_paid_without_charge
-- An order counts as paid, but neither a charge nor credits paid for it.
select o.tenant_id, o.id as order_id, o.state
from orders o left join charges c on c.tenant_id = o.tenant_id and c.order_id = o.id and c.match = 'order'
where o.state in ('paid', 'refunded') and o.billing <> 'credits' and c.id is null;

-- invariant: charge_without_paid_order
-- A charge pays for an order that does not count as paid.
select c.tenant_id, c.id as charge_id, o.id as order_id, o.state
from charges c join orders o on o.tenant_id = c.tenant_id and o.id = c.order_id
where c.match = 'order' and o.state not in ('paid', 'refunded');

-- invariant: order_and_charge_disagree
-- Of an order and the charge that paid for it, only one is refunded.
select c.tenant_id, c.id as charge_id, c.state as charge_state, o.id as order_id, o.state as order_state
from charges c join orders o on o.tenant_id = c.tenant_id and o.id = c.order_id
where c.match = 'order' and (c.state = 'refunded') <> (o.state = 'refunded');

-- invariant: order_paid_twice
-- Two charges count for one order.
select tenant_id, order_id, count(*) from charges where match = 'order' group by tenant_id, order_id having count(*) > 1;

-- invariant: charge_recorded_twice
-- The same Telegram charge is recorded twice for one bot.
select tenant_id, bot_id, telegram_charge_id, count(*) from charges
group by tenant_id, bot_id, telegram_charge_id having count(*) > 1;

-- invariant: charge_of_two_bots
-- The same Telegram charge is recorded for two different bots.
select min(c.tenant_id::text) as tenant_id, c.telegram_charge_id, count(distinct b.telegram_id)
from charges c join bots b on b.tenant_id = c.tenant_id and b.id = c.bot_id
group by c.telegram_charge_id having count(distinct b.telegram_id) > 1;

-- invariant: charge_differs_from_order
-- A charge pays for an order with another amount, buyer or bot.
select c.tenant_id, c.id as charge_id, o.id as order_id, c.stars, o.stars as order_stars
from charges c join orders o on o.tenant_id = c.tenant_id and o.id = c.order_id
where c.match = 'order' and (c.stars <> o.stars or c.buyer_id <> o.buyer_id or c.bot_id <> o.bot_id);

-- invariant: charge_of_another_invoice
-- A charge pays for an order that belongs to another invoice.
select c.tenant_id, c.id as charge_id, o.id as order_id, c.payload, o.offer
from charges c join orders o on o.tenant_id = c.tenant_id and o.id = c.order_id
where c.match = 'order' and o.offer <> c.payload;

-- invariant: second_charge_kept
-- A charge that must be refunded automatically has no refund.
select c.tenant_id, c.id as charge_id, c.match
from charges c left join refunds r on r.tenant_id = c.tenant_id and r.charge_id = c.id
where c.match in ('duplicate', 'undeliverable') and r.id is null;

-- invariant: paid_orders_counted_wrong
-- The monthly counter of paid orders, which enforces the plan's limit, differs from the number of orders paid with Stars.
select tenant_id, month, counted.n as counted, paid.n as paid
from (select tenant_id, month, sum(paid)::bigint as n from order_counts group by tenant_id, month) counted
full join (
  select tenant_id, date_trunc('month', paid_at at time zone 'UTC')::date as month, count(*) as n
  from orders where paid_at is not null and billing <> 'credits' group by 1, 2
) paid using (tenant_id, month)
where counted.n is distinct from paid.n;

-- == Subscriptions

-- invariant: subscription_without_sale
-- A subscription exists whose first order was never paid or does not start a subscription.
select s.tenant_id, s.id as subscription_id, o.state, o.billing
from subscriptions s join orders o on o.tenant_id = s.tenant_id and o.id = s.id
where o.state not in ('paid', 'refunded') or o.billing <> 'subscription_start' or o.subscription_id is distinct from s.id;

-- invariant: subscription_reaches_elsewhere
-- A subscription is paid until a different time than its payments cover.
select s.tenant_id, s.id as subscription_id, s.paid_until, max(e.ends_at) as reaches
from subscriptions s
left join orders o on o.tenant_id = s.tenant_id and o.subscription_id = s.id
left join entitlements e on e.tenant_id = o.tenant_id and e.order_id = o.id and e.state = 'active'
where s.state <> 'ended'
group by s.tenant_id, s.id, s.paid_until having max(e.ends_at) is distinct from s.paid_until;

-- invariant: subscription_miscounted
-- A subscription's renewal counter differs from its number of renewal orders.
select s.tenant_id, s.id as subscription_id, s.renewals, count(o.id) as orders
from subscriptions s left join orders o on o.tenant_id = s.tenant_id and o.subscription_id = s.id and o.id <> s.id
group by s.tenant_id, s.id, s.renewals having count(o.id) <> s.renewals;

-- invariant: renewal_unpaid
-- A renewal order is unpaid, or has another buyer or amount than its subscription.
select o.tenant_id, o.id as order_id, o.state
from orders o join subscriptions s on s.tenant_id = o.tenant_id and s.id = o.subscription_id
where o.billing = 'subscription_renewal' and (o.state not in ('paid', 'refunded') or o.buyer_id <> s.buyer_id or o.stars <> s.stars);

-- invariant: subscription_outlived
-- Access has ended, but the subscription has not.
select tenant_id, id as subscription_id, access_until from subscriptions
where state <> 'ended' and access_until < now() - :'older_than'::interval;

-- invariant: subscription_wish_forgotten
-- Telegram should be asked to stop or resume a subscription, but no job does it.
select s.tenant_id, s.id as subscription_id, s.wish from subscriptions s
where s.wish is not null and s.updated_at < now() - :'older_than'::interval
  and not exists (select from jobs j where j.tenant_id = s.tenant_id and j.kind = 'subscription.edit' and j.subject = s.id);

-- invariant: charged_by_a_removed_bot
-- Telegram still charges for a subscription of a removed bot, and the removal does not list it.
select s.tenant_id, s.bot_id, s.id as subscription_id, s.state
from subscriptions s join bots b on b.tenant_id = s.tenant_id and b.id = s.bot_id
where b.state = 'removed' and s.state <> 'ended' and not s.locked
  and not exists (
    select from bot_removals r join bot_removal_failures f on f.tenant_id = r.tenant_id and f.removal_id = r.id
    where r.tenant_id = s.tenant_id and r.bot_id = s.bot_id and f.kind = 'renewal' and f.subject = s.id::text);

-- invariant: removal_left_alone
-- A bot is being removed, but no job continues the removal.
select b.tenant_id, b.id as bot_id, r.state
from bots b left join bot_removals r on r.tenant_id = b.tenant_id and r.bot_id = b.id and r.state <> 'done'
where (b.state = 'removing' and r.id is null) or (b.state <> 'removing' and r.id is not null)
  or (r.id is not null and not exists (
    select from jobs j where j.tenant_id = b.tenant_id and j.kind = 'bot.remove' and j.subject = b.id));

-- == Access to chats

-- invariant: access_without_payment
-- A buyer has access to a chat without a payment that covers it and was not refunded.
select a.tenant_id, a.id as access_id, a.state, a.access_until from chat_accesses a
join chats c on c.tenant_id = a.tenant_id and c.id = a.chat_id
where a.state in ('invited', 'member') and (a.access_until is null or a.access_until > now())
  and not exists (
    select from chats twin join products p on p.tenant_id = twin.tenant_id and p.chat_id = twin.id
    join entitlements e on e.tenant_id = p.tenant_id and e.product_id = p.id and e.buyer_id = a.buyer_id and e.state = 'active'
    left join chat_access_terms t on t.tenant_id = p.tenant_id and t.product_id = p.id
    left join orders o on o.tenant_id = e.tenant_id and o.id = e.order_id
    left join subscriptions s on s.tenant_id = o.tenant_id and s.id = o.subscription_id
    where twin.tenant_id = c.tenant_id and twin.telegram_id = c.telegram_id
      and (e.ends_at is null or greatest(e.ends_at + make_interval(secs => coalesce(t.grace_seconds, 0)), s.access_until) > now()));

-- invariant: access_not_given
-- A buyer has paid for access to a chat, but their access has ended or was never created.
select e.tenant_id, e.id as entitlement_id, a.state
from entitlements e join products p on p.tenant_id = e.tenant_id and p.id = e.product_id and p.chat_id is not null
left join chat_accesses a on a.tenant_id = e.tenant_id and a.chat_id = p.chat_id and a.buyer_id = e.buyer_id
where e.state = 'active' and e.buyer_id > 0 and (e.ends_at is null or e.ends_at > now()) and coalesce(a.state, 'ended') = 'ended';

-- invariant: access_outlived
-- Access has ended, but no job will remove the buyer.
select a.tenant_id, a.id as access_id, a.access_until from chat_accesses a
where a.state <> 'ended' and a.access_until < now() - :'older_than'::interval
  and not exists (select from jobs j where j.tenant_id = a.tenant_id and j.kind = 'access.watch' and j.subject = a.id);

-- invariant: kept_out_and_left_alone
-- Telegram keeps a buyer out of a chat, or in it, and no job retries it, not even a parked one that staff would see.
select a.tenant_id, a.id as access_id, a.state, a.failure, a.failed_at from chat_accesses a
where a.failed_at < now() - :'older_than'::interval and a.updated_at < now() - :'older_than'::interval and a.state <> 'ended'
  and not exists (select from jobs j where j.tenant_id = a.tenant_id and j.kind = 'access.watch' and j.subject = a.id);

-- invariant: sold_without_rights
-- A product is on sale although the bot cannot open its chat, or is not although it can.
select p.tenant_id, p.id as product_id, p.chat_ready, c.lacking_since
from products p join chats c on c.tenant_id = p.tenant_id and c.id = p.chat_id
where p.chat_ready <> (c.lacking_since is null);

-- invariant: chat_known_twice
-- A bot has two rows for the same Telegram chat, counting the id that it had as a group.
select a.tenant_id, a.bot_id, a.id as chat_id, b.id as other_id, b.telegram_id
from chats a join chats b on b.tenant_id = a.tenant_id and b.bot_id = a.bot_id and b.id <> a.id
  and b.telegram_id in (a.telegram_id, a.former_telegram_id)
where a.merged_into is null and b.merged_into is null;

-- invariant: merged_chat_in_use
-- A merged chat still has a product, a link, an access that has not ended, or another merged chat.
select c.tenant_id, c.id as chat_id, c.merged_into, 'product' as because from chats c
where c.merged_into is not null and exists (select from products p where p.tenant_id = c.tenant_id and p.chat_id = c.id)
union all
select c.tenant_id, c.id, c.merged_into, 'paid link' from chats c
where c.merged_into is not null and exists (select from chat_paid_links l where l.tenant_id = c.tenant_id and l.chat_id = c.id)
union all
select c.tenant_id, c.id, c.merged_into, 'access' from chats c
where c.merged_into is not null and exists (
  select from chat_accesses a where a.tenant_id = c.tenant_id and a.chat_id = c.id and (a.state <> 'ended' or a.link is not null))
union all
select c.tenant_id, c.id, c.merged_into, 'merged' from chats c
join chats m on m.tenant_id = c.tenant_id and m.id = c.merged_into where m.merged_into is not null;

-- == The ledger

-- invariant: posting_not_zero
-- The entries of one cause do not add up to zero, or there is only one of them.
select tenant_id, cause, cause_id, sum(stars), count(*) from ledger_entries
group by tenant_id, cause, cause_id having sum(stars) <> 0 or count(*) < 2;

-- invariant: charge_without_posting
-- The ledger's entries for a charge do not match the charge.
select c.tenant_id, c.id as charge_id, c.stars, coalesce(sum(e.stars), 0) as posted
from charges c
left join ledger_entries e on e.tenant_id = c.tenant_id and e.cause = 'charge' and e.cause_id = c.id and e.bot_id = c.bot_id
  and e.account = 'telegram'
group by c.tenant_id, c.id, c.stars having coalesce(sum(e.stars), 0) <> c.stars;

-- invariant: refund_without_posting
-- A completed refund is not in the ledger with its whole amount, or an incomplete one is in the ledger.
select r.tenant_id, r.id as refund_id, r.state, coalesce(sum(e.stars), 0) as posted
from refunds r
join charges c on c.tenant_id = r.tenant_id and c.id = r.charge_id
left join ledger_entries e on e.tenant_id = r.tenant_id and e.cause = 'refund' and e.cause_id = r.id and e.bot_id = c.bot_id
  and e.account = 'telegram'
group by r.tenant_id, r.id, r.state, c.stars
having coalesce(sum(e.stars), 0) <> case when r.state = 'refunded' then -c.stars else 0 end;

-- invariant: posting_without_cause
-- The ledger has entries for a charge or refund that does not exist.
select e.tenant_id, e.cause, e.cause_id
from ledger_entries e
left join charges c on e.cause in ('charge', 'match') and c.tenant_id = e.tenant_id and c.id = e.cause_id
left join refunds r on e.cause = 'refund' and r.tenant_id = e.tenant_id and r.id = e.cause_id
where c.id is null and r.id is null;

-- invariant: posted_to_wrong_account
-- Stars that paid for an order are not posted as earned, or Stars that paid for none are.
select c.tenant_id, c.id as charge_id, c.match, e.account
from charges c
join lateral (select account, sum(stars) as stars from ledger_entries e
  where e.tenant_id = c.tenant_id and e.cause in ('charge', 'match') and e.cause_id = c.id and e.account <> 'telegram'
  group by account having sum(stars) <> 0) e on true
where (e.account = 'earned') <> (c.match = 'order') or e.stars <> -c.stars;

-- == Refunds and entitlements

-- invariant: two_live_refunds
-- One charge has two refunds that have not failed.
select tenant_id, charge_id, count(*) from refunds where state <> 'failed' group by tenant_id, charge_id having count(*) > 1;

-- invariant: refund_and_charge_disagree
-- The state of a charge contradicts its refund.
select c.tenant_id, c.id as charge_id, c.state as charge_state, r.id as refund_id, r.state as refund_state
from charges c left join refunds r on r.tenant_id = c.tenant_id and r.charge_id = c.id and r.state <> 'failed'
where c.state <> case when r.id is null then 'paid' when r.state = 'refunded' then 'refunded' else 'refund_pending' end;

-- invariant: refund_stuck
-- A refund is neither done nor refused, and no job works on it.
select r.tenant_id, r.id as refund_id, r.state, r.updated_at
from refunds r
where r.state in ('requested', 'sent', 'unknown') and r.updated_at < now() - :'older_than'::interval
  and not exists (select from jobs j where j.tenant_id = r.tenant_id and j.subject = r.id and j.state = 'waiting');

-- invariant: promise_dropped
-- A refund promised to a buyer failed, and the buyer has neither the Stars nor what they paid for.
select r.tenant_id, r.id as refund_id, r.failure
from refunds r join charges c on c.tenant_id = r.tenant_id and c.id = r.charge_id
left join orders o on o.tenant_id = c.tenant_id and o.id = c.order_id
where r.requested_by = 'system' and r.state = 'failed' and c.state = 'paid' and c.buyer_id > 0
  and not (c.match = 'order' and o.delivery is not distinct from 'delivered');

-- invariant: delayed_and_untold
-- A refund promised to a buyer is late, but the creator was not told.
select r.tenant_id, r.id as refund_id, r.state, r.created_at
from refunds r
where r.requested_by = 'system' and r.state in ('requested', 'sent', 'unknown') and r.delayed_since is null
  and r.created_at < now() - interval '1 hour' - :'older_than'::interval;

-- invariant: refunded_but_entitled
-- The buyer was refunded, or is being refunded, but still has the purchase.
select c.tenant_id, c.id as charge_id, c.state, e.id as entitlement_id
from charges c join entitlements e on e.tenant_id = c.tenant_id and e.charge_id = c.id
where e.state = 'active' and c.state <> 'paid';

-- invariant: paid_but_not_entitled
-- The buyer paid but has no entitlement.
select c.tenant_id, c.id as charge_id
from charges c left join entitlements e on e.tenant_id = c.tenant_id and e.charge_id = c.id and e.state = 'active'
where c.match = 'order' and c.state = 'paid' and e.id is null;

-- invariant: entitled_without_charge
-- The buyer has an entitlement that no charge, or a charge of another order, paid for.
select e.tenant_id, e.id as entitlement_id, e.charge_id
from entitlements e
left join charges c on c.tenant_id = e.tenant_id and c.id = e.charge_id
left join orders o on o.tenant_id = e.tenant_id and o.id = e.order_id
where c.id is null or o.id is null or c.match <> 'order' or c.order_id <> e.order_id or e.buyer_id <> c.buyer_id
  or e.bot_id <> c.bot_id or e.product_id <> o.product_id;

-- == Incoming updates

-- invariant: payment_update_lost
-- The worker finished an update that reports a payment (no human closed it), but there is neither such a charge nor a stray payment.
select i.tenant_id, i.bot_id, i.update_id
from inbox i
left join charges c on c.tenant_id = i.tenant_id and c.bot_id = i.bot_id
  and c.telegram_charge_id = i.body #>> '{message,successful_payment,telegram_payment_charge_id}'
where i.kind = 'successful_payment' and i.state = 'done' and i.resolution is null and c.id is null
  and i.body #> '{message,successful_payment,telegram_payment_charge_id}' is not null
  and not exists (select from stray_payments s where s.tenant_id = i.tenant_id and s.bot_id = i.bot_id and s.update_id = i.update_id);

-- invariant: refund_update_lost
-- An update that reports a refund is finished, but the charge is not refunded and there is no stray payment.
select i.tenant_id, i.bot_id, i.update_id
from inbox i
left join charges c on c.tenant_id = i.tenant_id and c.bot_id = i.bot_id
  and c.telegram_charge_id = i.body #>> '{message,refunded_payment,telegram_payment_charge_id}'
where i.kind = 'refunded_payment' and i.state = 'done' and i.resolution is null and c.state is distinct from 'refunded'
  and i.body #> '{message,refunded_payment,telegram_payment_charge_id}' is not null
  and not exists (select from stray_payments s where s.tenant_id = i.tenant_id and s.bot_id = i.bot_id and s.update_id = i.update_id);

-- invariant: update_stuck
-- An update is due, but no worker processes it.
select tenant_id, bot_id, update_id, kind, attempts, error from inbox
where state = 'waiting' and greatest(due_at, received_at, coalesce(lease_until, due_at)) < now() - :'older_than'::interval;

-- invariant: money_update_parked
-- An update about money is parked, and no human has handled it.
select tenant_id, bot_id, update_id, kind, error from inbox
where state = 'parked' and kind in ('successful_payment', 'refunded_payment') and received_at < now() - :'older_than'::interval;

-- == Outgoing events, jobs and deliveries

-- invariant: event_missing
-- An order was paid or refunded, or a charge paid for no order, but there is no event for it.
select c.tenant_id, c.id as charge_id, 'order.paid' as missing
from charges c
where c.match = 'order' and c.created_at > now() - interval '7 days'
  and not exists (select from events v where v.tenant_id = c.tenant_id and v.order_id = c.order_id and v.type = 'order.paid')
union all
select c.tenant_id, c.id, 'charge.unmatched'
from charges c
where c.match <> 'order' and c.created_at > now() - interval '7 days'
  and not exists (select from events v where v.tenant_id = c.tenant_id and v.type = 'charge.unmatched'
    and v.data ->> 'telegram_payment_charge_id' = c.telegram_charge_id)
union all
select o.tenant_id, o.id, 'order.refunded'
from orders o
where o.state = 'refunded' and o.refunded_at > now() - interval '7 days'
  and not exists (select from events v where v.tenant_id = o.tenant_id and v.order_id = o.id and v.type = 'order.refunded');

-- invariant: event_twice
-- An event that may occur only once per order was recorded twice.
select tenant_id, order_id, type, count(*) from events
where type in ('order.placed', 'order.paid', 'order.refunded') and order_id is not null
group by tenant_id, order_id, type having count(*) > 1;

-- invariant: event_number_wrong
-- An event has a number that its order has not assigned.
select v.tenant_id, v.id as event_id, v.sequence, o.event_sequence
from events v join orders o on o.tenant_id = v.tenant_id and o.id = v.order_id
where v.sequence is null or v.sequence > o.event_sequence or v.sequence < 1;

-- invariant: event_not_relayed
-- An event was recorded but never relayed.
select tenant_id, id as event_id, type from events
where relayed_at is null and created_at < now() - :'older_than'::interval;

-- invariant: job_stuck
-- A job is due, but no worker runs it.
select tenant_id, kind, subject, attempts, error from jobs
where state = 'waiting' and greatest(due_at, coalesce(lease_until, due_at)) < now() - :'older_than'::interval;

-- invariant: job_parked
-- A job was parked.
select tenant_id, kind, subject, attempts, error from jobs
where state = 'parked' and created_at < now() - :'older_than'::interval;

-- invariant: paid_and_forgotten
-- An order is paid and its goods are owed, but no job will deliver them or end the wait for goods from the creator's server.
select o.tenant_id, o.id as order_id, o.paid_at
from orders o
left join charges c on c.tenant_id = o.tenant_id and c.order_id = o.id and c.match = 'order' and c.state = 'paid'
left join fulfilments f on f.tenant_id = o.tenant_id and f.order_id = o.id and f.state in ('requested', 'generating')
where o.state = 'paid' and (c.id is not null or o.billing = 'credits')
  and o.delivery in ('none', 'waiting', 'generating') and o.updated_at < now() - :'older_than'::interval
  and not exists (select from jobs j where j.tenant_id = o.tenant_id and j.subject = o.id
    and j.kind = case when f.order_id is null then 'order.deliver' else 'fulfilment.deadline' end)
  and not exists (select from events v where v.tenant_id = o.tenant_id and v.order_id = o.id and v.relayed_at is null);

-- invariant: handed_over_twice
-- The goods of one order were sent in two messages without a redelivery request.
select tenant_id, order_id, round, count(distinct message_id) from handover_attempts
where message_id is not null group by tenant_id, order_id, round having count(distinct message_id) > 1;

-- invariant: webhook_after_success
-- A webhook was sent again after its success without a request to resend it, which would start a new round.
select later.tenant_id, later.delivery_id, later.number
from webhook_attempts later
join webhook_attempts earlier on earlier.tenant_id = later.tenant_id and earlier.delivery_id = later.delivery_id
  and earlier.ok and earlier.number < later.number
  and earlier.round = later.round;

-- invariant: webhook_delivered_without_success
-- A delivery counts as delivered although no attempt of its round succeeded, or does not although one did.
select d.tenant_id, d.id as delivery_id, d.state
from webhook_deliveries d
where (d.state = 'delivered') <> exists (
  select from webhook_attempts a where a.tenant_id = d.tenant_id and a.delivery_id = d.id and a.ok
    and a.round = d.round);

-- invariant: support_answer_forgotten
-- A creator's answer to a buyer is pending, but no job will send it.
select m.tenant_id, m.id as message_id, m.thread_id
from support_messages m
where m.delivery = 'waiting' and m.created_at < now() - :'older_than'::interval
  and not exists (select from jobs j where j.tenant_id = m.tenant_id and j.kind = 'support.send' and j.subject = m.thread_id);

-- invariant: webhook_forgotten
-- A delivery is pending at an active endpoint, but no job will make it.
select d.tenant_id, d.id as delivery_id
from webhook_deliveries d join endpoints p on p.tenant_id = d.tenant_id and p.id = d.endpoint_id
where d.state = 'pending' and p.state = 'enabled' and greatest(d.created_at, d.next_attempt_at) < now() - :'older_than'::interval
  and not exists (select from jobs j where j.tenant_id = d.tenant_id and j.kind = 'webhook.attempt' and j.subject = d.id);

-- == Stock

-- invariant: reservation_kept
-- An order that can no longer be paid holds a unit of stock.
select tenant_id, id as order_id, state, approved_at from orders
where stock_reserved and (state in ('expired', 'cancelled')
  or (state = 'approved' and approved_at < now() - interval '10 minutes' - :'older_than'::interval));

-- == Credits

-- invariant: credits_differ_from_entries
-- A buyer's balance is not the sum of its entries.
select a.tenant_id, a.id as account_id, a.balance, coalesce(sum(e.amount), 0) as sum_of_entries, a.entries, count(e.id)
from credit_accounts a left join credit_entries e on e.tenant_id = a.tenant_id and e.account_id = a.id
group by a.tenant_id, a.id, a.balance, a.entries having a.balance <> coalesce(sum(e.amount), 0) or a.entries <> count(e.id);

-- invariant: credits_negative
-- A balance is negative, or more is reserved than it holds.
select tenant_id, id, balance, reserved from credit_accounts where balance < 0 or reserved < 0 or reserved > balance
union all
select tenant_id, id, remaining, reserved from credit_lots
where remaining < 0 or remaining > amount or reserved < 0 or reserved > remaining;

-- invariant: credits_differ_from_lots
-- A buyer's packs do not add up to the balance, or a pack is not the sum of its entries.
select a.tenant_id, a.id, a.balance, coalesce(sum(l.remaining), 0) as in_lots
from credit_accounts a left join credit_lots l on l.tenant_id = a.tenant_id and l.account_id = a.id
group by a.tenant_id, a.id, a.balance, a.reserved
having a.balance <> coalesce(sum(l.remaining), 0) or a.reserved <> coalesce(sum(l.reserved), 0)
union all
select l.tenant_id, l.id, l.remaining, coalesce(sum(e.amount), 0)
from credit_lots l left join credit_entries e on e.tenant_id = l.tenant_id and e.lot_id = l.id
group by l.tenant_id, l.id, l.remaining having l.remaining <> coalesce(sum(e.amount), 0);

-- invariant: credits_counted_wrong
-- The entries of an account do not lead from one balance to the next.
select tenant_id, account_id, number, balance from (
  select *, lag(balance, 1, 0::bigint) over w as before, lag(number, 1, 0::bigint) over w as number_before from credit_entries
  window w as (partition by tenant_id, account_id order by number)
) e
where balance <> before + amount or number <> number_before + 1;

-- invariant: credits_reserved_wrong
-- The reserved amount of a pack differs from what open reservations hold of it.
select l.tenant_id, l.id as lot_id, l.reserved, coalesce(sum(h.amount) filter (where r.state = 'open'), 0) as held
from credit_lots l
left join credit_holds h on h.tenant_id = l.tenant_id and h.lot_id = l.id
left join credit_reservations r on r.tenant_id = h.tenant_id and r.id = h.reservation_id
group by l.tenant_id, l.id, l.reserved
having l.reserved <> coalesce(sum(h.amount) filter (where r.state = 'open'), 0);

-- invariant: credits_not_given
-- A paid pack of credits was never granted, or a refunded one can still be spent.
select c.tenant_id, c.id as charge_id, c.state, l.id as lot_id, l.remaining
from charges c
join orders o on o.tenant_id = c.tenant_id and o.id = c.order_id
join products p on p.tenant_id = o.tenant_id and p.id = o.product_id and p.kind = 'credits'
left join credit_lots l on l.tenant_id = c.tenant_id and l.charge_id = c.id
where c.match = 'order' and ((c.state = 'paid' and l.id is null) or (c.state <> 'paid' and l.remaining > l.reserved));

-- invariant: order_and_credits_disagree
-- The credits that pay for an order are not held while it is open, spent when it is delivered, and returned when it fails; or their amount, unit or owner differs from the order's.
select o.tenant_id, o.id as order_id, o.state, o.delivery, r.state as reservation_state
from orders o
left join credit_reservations r on r.tenant_id = o.tenant_id and r.order_id = o.id
left join credit_accounts a on a.tenant_id = r.tenant_id and a.id = r.account_id
where o.billing = 'credits' and (r.id is null or r.amount <> o.credit_amount or a.unit <> o.credit_unit or a.buyer_id <> o.buyer_id
  or case when o.state = 'refunded' then r.state <> 'released'
    when o.delivery in ('delivered', 'unreachable', 'failed') then r.state <> 'committed' or r.committed <> r.amount
    else r.state not in ('open', 'committed') end);

-- invariant: credit_request_unanswered
-- A request under an idempotency key was stored without its answer, so a repetition could not be answered.
select tenant_id, key, created_at from credit_requests where answer is null;

-- == Erasure and closing

-- invariant: erased_but_present
-- An erased buyer still has a name, metadata or a provider id.
select y.tenant_id, y.telegram_id as pseudonym, 'named' as because from buyers y
where y.telegram_id < 0 and coalesce(y.first_name, y.last_name, y.username, y.language_code) is not null
union all
select o.tenant_id, o.buyer_id, 'metadata' from orders o where o.buyer_id < 0 and o.metadata <> '{}'
union all
select c.tenant_id, c.buyer_id, 'provider id' from charges c where c.buyer_id < 0 and c.provider_charge_id is not null;

-- invariant: erased_person_kept
-- The real id of an erased buyer is still stored after its retention period.
select tenant_id, id, keep_until from erasures
where telegram_id_sealed is not null and keep_until < now() - interval '1 hour' - :'older_than'::interval;

-- invariant: closed_but_open
-- A closed workspace still has a token, a member, a key or an identifiable buyer.
select t.id as tenant_id, b.id, 'token' as because from tenants t join bots b on b.tenant_id = t.id
where t.state = 'closed' and b.token_sealed is not null
union all
select t.id, m.account_id, 'member' from tenants t join memberships m on m.tenant_id = t.id where t.state = 'closed'
union all
select t.id, k.id, 'key' from tenants t join api_keys k on k.tenant_id = t.id where t.state = 'closed' and k.revoked_at is null
union all
select t.id, y.bot_id, 'buyer' from tenants t join buyers y on y.tenant_id = t.id where t.state = 'closed' and y.telegram_id > 0;

-- == Licence keys

-- invariant: licence_key_not_given
-- A paid order of a licence key product has no key.
select o.tenant_id, o.id as order_id, o.product_id
from orders o
join products p on p.tenant_id = o.tenant_id and p.id = o.product_id and p.kind = 'licence_key'
left join licence_keys k on k.tenant_id = o.tenant_id and k.order_id = o.id and k.product_id = o.product_id
where o.state in ('paid', 'refunded') and k.id is null;

-- invariant: licence_key_of_nobody
-- A key is sold to an order that was never paid, stays valid after a refund, or is invalid without one.
select k.tenant_id, k.id, k.state, o.state as order_state, c.state as charge_state
from licence_keys k
join orders o on o.tenant_id = k.tenant_id and o.id = k.order_id
left join charges c on c.tenant_id = o.tenant_id and c.order_id = o.id and c.match = 'order'
where c.id is null or (k.state = 'sold') <> (c.state = 'paid');

-- invariant: licence_keys_counted_wrong
-- A product's stock is not the number of its free keys minus those that unpaid orders have reserved.
select p.tenant_id, p.id, p.stock, k.free, r.reserved
from products p
cross join lateral (select count(*) as free from licence_keys k
  where k.tenant_id = p.tenant_id and k.product_id = p.id and k.state = 'free') k
cross join lateral (select count(*) as reserved from orders o
  where o.tenant_id = p.tenant_id and o.product_id = p.id and o.stock_reserved and o.state = 'approved') r
where p.kind = 'licence_key' and p.stock is distinct from k.free - r.reserved;

-- == Promo codes

-- invariant: promo_uses_counted_wrong
-- A promo code's counter of uses differs from the number of orders that hold one.
select p.tenant_id, p.id, p.uses, o.held
from promo_codes p
cross join lateral (select count(*) as held from orders o
  where o.tenant_id = p.tenant_id and o.promo_code_id = p.id and o.promo_taken) o
where p.uses <> o.held;

-- invariant: promo_price_wrong
-- An order's price is not its list price minus the code's discount.
select o.tenant_id, o.id, o.stars, o.list_stars, p.percent_off, p.stars_off
from orders o join promo_codes p on p.tenant_id = o.tenant_id and p.id = o.promo_code_id
where o.stars <> greatest(1, o.list_stars - coalesce(ceil(o.list_stars * p.percent_off / 100.0)::int, p.stars_off));

-- invariant: promo_use_forgotten
-- An order was paid with a code without holding a use of it, or still holds one although the order has ended.
select tenant_id, id, state, promo_code_id from orders
where promo_code_id is not null and (promo_taken and state in ('placed', 'expired', 'cancelled', 'refunded')
  or not promo_taken and state = 'paid');

-- == Isolation of tenants

-- invariant: reference_across_tenants
-- A column `x_id` of a tenant's row refers to no row of the same tenant in the table `xs`. Read from the catalogue.
with reference as materialized (
  select child.oid::regclass as child, col.attname as column_name, parent.oid::regclass as parent
  from pg_class child
  join pg_attribute col on col.attrelid = child.oid and col.atttypid = 'uuid'::regtype and not col.attisdropped
    and col.attname ~ '_id$' and col.attname <> 'tenant_id'
    -- Only accounts of credits: creators' accounts belong to no tenant.
    and (col.attname <> 'account_id' or child.relname ~ '^credit_')
  join pg_class parent on parent.relnamespace = child.relnamespace and parent.relkind in ('r', 'p')
    and parent.relname in (replace(col.attname, '_id', 's'), 'credit_' || replace(col.attname, '_id', 's'),
      'support_' || replace(col.attname, '_id', 's'), case col.attname when 'delivery_id' then 'webhook_deliveries' end)
  where child.relnamespace = current_schema()::regnamespace and child.relkind in ('r', 'p')
    and 2 = (select count(*) from pg_attribute a where a.attrelid in (child.oid, parent.oid) and a.attname = 'tenant_id' and not a.attisdropped)
)
select null::uuid as tenant_id, child::text as table_name, column_name
from reference
where query_to_xml(format(
    'select 1 from %1$s c where c.%2$I is not null
       and not exists (select from %3$s p where p.tenant_id = c.tenant_id and p.id = c.%2$I) limit 1',
    child, column_name, parent), false, true, '')::text <> '';

-- invariant: route_astray
-- A Telegram bot's updates would go to a different bot, or two of our bots share one Telegram bot.
select r.owner_tenant as tenant_id, r.bot_id, r.telegram_id
from bot_routes r left join bots b on b.tenant_id = r.owner_tenant and b.id = r.bot_id
where b.id is null or b.telegram_id <> r.telegram_id
union all
select min(tenant_id::text)::uuid, min(id::text)::uuid, telegram_id from bots
where state not in ('removed', 'registering') group by telegram_id having count(*) > 1;

-- invariant: nonce_reused
-- Two secrets were encrypted with the same nonce and key, so anybody who knows one can read the other.
with value as (
  select tenant_id as tenant_id, token_sealed as sealed from bots
  union all select tenant_id, token_sealed from bot_import_lines
  union all select tenant_id, secret_sealed from endpoints
  union all select tenant_id, previous_secret_sealed from endpoints
  union all select tenant_id, telegram_id_sealed from erasures
  union all select tenant_id, secret_sealed from fulfilment_secrets
  union all select tenant_id, previous_secret_sealed from fulfilment_secrets
  union all select tenant_id, answer_sealed from idempotency_keys
  union all select tenant_id, key_sealed from licence_keys
  union all select tenant_id, hash_key_sealed from licence_pools
  union all select tenant_id, secret_sealed from mails
  union all select null, secret_sealed from signing_keys
  union all select null, totp_sealed from second_factors
  union all select null, totp_sealed from staff_accounts
), used as (
  -- Version 1 names the master key that encrypted the value, version 2 the data key.
  select tenant_id, substr(sealed, 2, 4) as key, substr(sealed, 6, 12) as nonce from value
  where length(sealed) > 33 and get_byte(sealed, 0) = 1
  union all select tenant_id, substr(sealed, 2, 16), substr(sealed, 18, 12) from value
  where length(sealed) > 45 and get_byte(sealed, 0) = 2
  union all select tenant_id, decode(master_key_id, 'hex'), substr(wrapped, 1, 12) from data_keys
  union all select null, decode(master_key_id, 'hex'), substr(wrapped, 1, 12) from platform_keys
)
select min(tenant_id::text) as tenant_id, encode(key, 'hex') as key, encode(nonce, 'hex') as nonce, count(*)
from used group by key, nonce having count(*) > 1;

-- invariant: data_key_missing
-- A secret was encrypted with a data key that its tenant, or the platform, does not have, so it cannot be decrypted.
with value as (
  select tenant_id as tenant_id, token_sealed as sealed from bots
  union all select tenant_id, token_sealed from bot_import_lines
  union all select tenant_id, secret_sealed from endpoints
  union all select tenant_id, previous_secret_sealed from endpoints
  union all select tenant_id, telegram_id_sealed from erasures
  union all select tenant_id, secret_sealed from fulfilment_secrets
  union all select tenant_id, previous_secret_sealed from fulfilment_secrets
  union all select tenant_id, answer_sealed from idempotency_keys
  union all select tenant_id, key_sealed from licence_keys
  union all select tenant_id, hash_key_sealed from licence_pools
  union all select tenant_id, secret_sealed from mails
  union all select null, secret_sealed from signing_keys
  union all select null, totp_sealed from second_factors
  union all select null, totp_sealed from staff_accounts
), used as (
  select tenant_id, encode(substr(sealed, 2, 16), 'hex')::uuid as key from value
  where length(sealed) > 45 and get_byte(sealed, 0) = 2
)
select u.tenant_id, u.key, count(*)
from used u
where not exists (select from data_keys d where d.tenant_id = u.tenant_id and d.id = u.key)
  and not exists (select from platform_keys p where u.tenant_id is null and p.id = u.key)
group by 1, 2;

-- invariant: tenant_table_open
-- A tenant-owned table lacks forced row-level security with a policy for reading and writing.
select null::uuid as tenant_id, c.relname as table_name
from pg_class c
join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p')
  and not (c.relrowsecurity and c.relforcerowsecurity
    and exists (select from pg_policy p where p.polrelid = c.oid and p.polqual is not null and p.polwithcheck is not null));

-- invariant: view_open
-- A view bypasses row-level security.
select null::uuid as tenant_id, c.relname as view_name
from pg_class c
where c.relnamespace = current_schema()::regnamespace
  and (c.relkind = 'm' or (c.relkind = 'v' and not coalesce(c.reloptions::text ~ 'security_invoker=(true|on|1)', false)));

-- invariant: foreign_key_without_tenant
-- A foreign key between two tenant-owned tables does not include the tenant.
select null::uuid as tenant_id, k.conrelid::regclass::text as table_name, k.conname as key_name
from pg_constraint k
where k.contype = 'f' and k.connamespace = current_schema()::regnamespace
  and exists (select from pg_attribute a where a.attrelid = k.conrelid and a.attname = 'tenant_id' and not a.attisdropped)
  and exists (select from pg_attribute a where a.attrelid = k.confrelid and a.attname = 'tenant_id' and not a.attisdropped)
  and not exists (
    select from unnest(k.conkey, k.confkey) as pair (here, there)
    join pg_attribute h on h.attrelid = k.conrelid and h.attnum = pair.here and h.attname = 'tenant_id'
    join pg_attribute t on t.attrelid = k.confrelid and t.attnum = pair.there and t.attname = 'tenant_id');

-- invariant: application_too_strong
-- A role of the application has rights that break isolation: to bypass row-level security, create roles, own tables or rewrite the ledger.
select null::uuid as tenant_id, r.rolname as role_name, 'strong' as because from pg_roles r
where (r.rolname in ('starwall_app', 'starwall_platform') or pg_has_role(r.oid, 'starwall_app', 'member') and r.rolcanlogin
    and not pg_has_role(r.oid, (select relowner from pg_class where oid = 'orders'::regclass), 'member'))
  and (r.rolsuper or r.rolbypassrls or r.rolcreaterole or r.rolcreatedb)
union all
select null, r.rolname, 'owns ' || c.relname from pg_roles r join pg_class c on c.relowner = r.oid
where r.rolname in ('starwall_app', 'starwall_platform') and c.relnamespace = current_schema()::regnamespace
union all
select null, g.grantee, g.privilege_type || ' on ' || g.table_name from information_schema.role_table_grants g
where g.grantee in ('starwall_app', 'starwall_platform', 'PUBLIC') and g.table_schema = current_schema()
  and g.table_name in ('ledger_entries', 'credit_entries') and g.privilege_type in ('UPDATE', 'DELETE', 'TRUNCATE');
