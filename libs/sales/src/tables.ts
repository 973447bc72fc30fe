import { ALL, type Room, type TenantTable, WORKSPACE_OWN } from '#libs/database';
import { joinJob } from '#libs/journal';
import { isHeldMoney } from './charges/payment.js';
import { hasNothing, isHeld, isOwed, isUnlockedUnpaid } from './orders/order.js';
import { DIFFERENCES, FAILING_COMPARISONS } from './reconciliation/stuck.js';
import { refundIsOpen } from './refunds/refund.js';
import { mayRenew } from './subscriptions/subscription.js';

const newest = (error: string, at: string) => `(array_agg(${error} order by ${at} desc))[1]`;

/** Rows that only record what a person did. */
const goes = (table: string): TenantTable => ({
  export: ALL,
  erasure: {
    erases: 'the row',
    by: { leftovers: `delete from ${table} t using p where t.tenant_id = $1 and t.buyer_id = p.telegram_id` },
  },
});

const THEIRS = `(o.bot_id, o.buyer_id) in (select bot_id, telegram_id from buyers where tenant_id = $1 and telegram_id = $2)`;

const ORDERS: TenantTable = {
  export: ALL,
  erasure: {
    erases: 'buyer and metadata',
    locks: `select 1 from orders o where o.tenant_id = $1 and ${THEIRS} order by o.id for update`,
    finds: {
      their_orders: `select o.id, p.telegram_id, p.pseudonym from orders o join p on p.telegram_id = o.buyer_id where o.tenant_id = $1`,
    },
    by: {
      deals: `update orders o set buyer_id = p.pseudonym, metadata = '{}', arguments = null from p
        where o.tenant_id = $1 and o.buyer_id = p.telegram_id`,
    },
  },
  holdsErasure: {
    payment: `exists (select from orders o where o.tenant_id = $1 and ${THEIRS} and (${isHeld('o', '$3')} or ${isUnlockedUnpaid('o', '$3')}))`,
    delivery: `exists (select from orders o where o.tenant_id = $1 and ${THEIRS} and ${isOwed('o')})`,
  },
  holdsClosing: `exists (select from orders o where o.tenant_id = $1 and ${isHeld('o', '$2')})`,
  obliges: {
    order: `select o.id::text, true, case
        when exists (select from jobs j where j.tenant_id = $1 and j.subject = o.id and j.state = 'waiting'
          and j.kind in ('order.deliver', 'order.fulfil', 'fulfilment.deadline')) then null
        when exists (select from events e where e.tenant_id = $1 and e.order_id = o.id and e.relayed_at is null) then null
        else coalesce(nullif(o.delivery_error, ''), 'The buyer has paid and has nothing.') end
      from orders o where o.tenant_id = $1 and o.bot_id = $2 and ${hasNothing('o')} and o.billing <> 'credits'`,
    payment: `select o.id::text, false, null from orders o where o.tenant_id = $1 and o.bot_id = $2 and ${isHeld('o', '$3')}`,
  },
  stuck: {
    // Goods made by the creator's server are late when the deadline has passed; all others after their time.
    stuck_orders: `
      select o.tenant_id as "tenantId", o.bot_id as "botId", o.id::text as subject, o.delivery as detail,
        coalesce(f.last_error, o.delivery_error) as error, coalesce(f.deadline_at, o.paid_at) as since
      from orders o left join fulfilments f on f.tenant_id = o.tenant_id and f.order_id = o.id and f.state <> 'ready'
      where ${isOwed('o')} and o.paid_at <= $1 and (f.deadline_at is null or f.deadline_at <= now())`,
  },
};

const CHARGES: TenantTable = {
  export: ALL,
  erasure: {
    erases: 'buyer, metadata, and the provider id that holds the buyer',
    knows: 'buyer_id',
    by: {
      deals: `update charges c set buyer_id = p.pseudonym, provider_charge_id = null, metadata = '{}' from p
        where c.tenant_id = $1 and c.buyer_id = p.telegram_id`,
    },
  },
  holdsErasure: {
    refund: `exists (select from charges c where c.tenant_id = $1 and c.buyer_id = $2 and c.state = 'refund_pending')`,
  },
  closing: { finds: { all_charges: 'select telegram_charge_id, buyer_id from charges where tenant_id = $1' } },
  stuck: {
    held_charges: `
      select tenant_id as "tenantId", bot_id as "botId", id::text as subject, match || ', ' || stars || ' Stars' as detail,
        null as error, created_at as since
      from charges where ${isHeldMoney('charges')} and created_at <= $1`,
  },
  obliges: {
    second_renewal: `select c.id::text, true, case when j.state = 'parked' then coalesce(j.error, 'Telegram was asked too often.') end
      from jobs j join charges c on c.tenant_id = j.tenant_id and c.id = j.subject
      where j.tenant_id = $1 and j.kind = 'subscription.stop' and c.bot_id = $2`,
  },
};

const REFUNDS: TenantTable = {
  export: ALL,
  erasure: {
    erases: 'reason and metadata',
    by: {
      goods: `update refunds r set reason = null, metadata = '{}' from charges c join p on p.telegram_id = c.buyer_id
        where r.tenant_id = $1 and c.tenant_id = $1 and r.charge_id = c.id`,
    },
  },
  obliges: {
    refund: `select r.id::text, true, case when j.state = 'waiting' then null else coalesce(r.failure, 'It is not being retried.') end
      from refunds r join charges c on c.tenant_id = r.tenant_id and c.id = r.charge_id ${joinJob('j', 'refund.execute', 'r.id')}
      where r.tenant_id = $1 and c.bot_id = $2 and ${refundIsOpen('r')}`,
    refund_notice: `select r.id::text, true, null
      from jobs j join refunds r on r.tenant_id = j.tenant_id and r.id = j.subject
        join charges c on c.tenant_id = r.tenant_id and c.id = r.charge_id
      where j.tenant_id = $1 and j.kind = 'refund.notify' and j.state = 'waiting' and c.bot_id = $2`,
  },
  problems: {
    refunds_delayed: `select c.bot_id::text, count(*)::int, min(r.delayed_since), ${newest('r.failure', 'r.updated_at')}
      from refunds r join charges c on c.tenant_id = r.tenant_id and c.id = r.charge_id
      where r.tenant_id = $1 and r.delayed_since is not null and ${refundIsOpen('r')} and c.bot_id = $2 group by c.bot_id`,
  },
  stuck: {
    stuck_refunds: `
      select r.tenant_id as "tenantId", c.bot_id as "botId", r.id::text as subject, r.state as detail, r.failure as error,
        r.created_at as since
      from refunds r join charges c on c.tenant_id = r.tenant_id and c.id = r.charge_id
      where ${refundIsOpen('r')} and r.created_at <= $1`,
  },
};

const SUBSCRIPTIONS: TenantTable = {
  export: ALL,
  erasure: {
    erases: 'buyer and metadata',
    by: {
      deals: `update subscriptions s set buyer_id = p.pseudonym, metadata = '{}' from p
        where s.tenant_id = $1 and s.buyer_id = p.telegram_id`,
    },
  },
  holdsErasure: {
    subscription: `exists (select from subscriptions where tenant_id = $1 and buyer_id = $2 and (state <> 'ended' or wish is not null))`,
  },
  obliges: {
    renewal: `select s.id::text, true,
        case when s.first_charge_id is null then 'Telegram’s name for it is not known: its first payment was not reported.'
          when s.wish is distinct from 'cancel' then s.wish_failure
          when j.state = 'parked' then coalesce(j.error, 'Telegram was asked too often.') end
      from subscriptions s ${joinJob('j', 'subscription.edit', 's.id')}
      where s.tenant_id = $1 and s.bot_id = $2 and ${mayRenew('s')}`,
    farewell: `select s.id::text, true, case when j.state is distinct from 'waiting' then 'The buyer could not be told.' end
      from subscriptions s ${joinJob('j', 'subscription.watch', 's.id')}
      where s.tenant_id = $1 and s.bot_id = $2 and s.state = 'canceled' and s.canceled_by = 'removal' and s.buyer_id > 0
        and s.farewell_until is distinct from s.paid_until`,
  },
};

const BUYERS: TenantTable = {
  export: { without: ['username_key'] },
  erasure: {
    erases: 'the row; one with only the pseudonym replaces it, for the books',
    knows: 'telegram_id',
    locks: 'select 1 from buyers where tenant_id = $1 and telegram_id = $2 order by bot_id for update',
    by: {
      standIn: `insert into buyers (tenant_id, bot_id, telegram_id, reachable, created_at)
        select b.tenant_id, b.bot_id, p.pseudonym, false, b.created_at from buyers b join p using (telegram_id) where b.tenant_id = $1`,
      person: 'delete from buyers b using p where b.tenant_id = $1 and b.telegram_id = p.telegram_id',
    },
  },
};

const FULFILMENTS: TenantTable = {
  // An address may contain a key.
  export: { without: ['goods_url'] },
  erasure: {
    erases: 'goods that were made for the buyer',
    finds: {
      made_goods: `select goods_file_id as id from fulfilments where tenant_id = $1 and goods_file_id is not null`,
    },
    by: {
      goods: `update fulfilments f set goods_kind = 'text', goods = '[erased]', goods_file_id = null from their_orders o
        where f.tenant_id = $1 and f.order_id = o.id and f.state = 'ready'`,
    },
  },
  problems: {
    goods_refused: `select o.product_id::text, count(*)::int, min(f.refused_since), ${newest('f.last_error', 'f.updated_at')}
      from fulfilments f join orders o on o.tenant_id = f.tenant_id and o.id = f.order_id
      where f.tenant_id = $1 and f.refused_since is not null and f.state in ('requested', 'generating') and o.bot_id = $2 and o.state = 'paid'
      group by o.product_id`,
  },
};

export const SALES_TABLES: Room = {
  library: 'sales',
  ofTenants: {
    // In the general lock order.
    orders: ORDERS,
    buyers: BUYERS,
    fulfilments: FULFILMENTS,
    manual_deliveries: {
      export: ALL,
      erasure: {
        erases: 'reason',
        by: {
          goods: `update manual_deliveries m set reason = '[erased]' from their_orders o where m.tenant_id = $1 and m.order_id = o.id`,
        },
      },
    },
    refunds: REFUNDS,
    charges: CHARGES,
    subscriptions: SUBSCRIPTIONS,
    entitlements: {
      export: ALL,
      erasure: {
        erases: 'buyer',
        by: {
          access: `update entitlements e set buyer_id = p.pseudonym from p where e.tenant_id = $1 and e.buyer_id = p.telegram_id`,
        },
      },
    },
    star_transactions: {
      export: ALL,
      erasure: {
        erases: "buyer and Telegram's own words",
        knows: 'buyer_id',
        by: {
          money: `update star_transactions s set buyer_id = p.pseudonym, raw = '{}' from p
            where s.tenant_id = $1 and s.buyer_id = p.telegram_id`,
        },
      },
    },
    stray_payments: {
      export: ALL,
      erasure: {
        erases: 'buyer, payload and charge',
        knows: 'buyer_id',
        by: {
          money: `update stray_payments s set buyer_id = p.pseudonym, payload = null, telegram_charge_id = null from p
            where s.tenant_id = $1 and s.buyer_id = p.telegram_id`,
        },
      },
    },
    star_cursors: {
      export: { nothing: "our position in Telegram's list" },
      erasure: { keeps: 'names no buyer' },
      stuck: { differences: DIFFERENCES, failing_comparisons: FAILING_COMPARISONS },
    },
    reconciliations: { export: ALL, erasure: { keeps: 'sums of a bot' } },
    promo_codes: { export: ALL, erasure: WORKSPACE_OWN },
    promo_guesses: goes('promo_guesses'),
    terms_consents: goes('terms_consents'),
    promo_wallets: goes('promo_wallets'),
  },
  ofPlatform: {},
};
