import { Injectable } from '@nestjs/common';
import type { TenantTx } from '#libs/database';
import { NotFound, type Stars } from '#libs/kernel';
import { CreditReader, type UnitBalance } from '#libs/ledger';
import { BuyerRow } from '../buyers/buyer.entity.js';
import { type Consent, ConsentService } from '../buyers/consent.service.js';
import type { Delivery, OrderState } from '../orders/order.js';
import type { SubscriptionRow } from '../subscriptions/subscription.entity.js';
import { SubscriptionList } from './subscription-list.service.js';

export interface BuyerPurchase {
  readonly orderId: string;
  readonly botId: string;
  readonly productId: string;
  readonly title: string;
  readonly stars: Stars;
  /** The price in credits, instead of Stars. */
  readonly creditUnit: string | null;
  readonly creditAmount: number | null;
  /** Only orders that were paid. */
  readonly state: Extract<OrderState, 'paid' | 'refunded'>;
  readonly delivery: Delivery;
  readonly paidAt: Date;
}

export interface BuyerEntitlement {
  readonly id: string;
  readonly botId: string;
  readonly productId: string;
  readonly title: string;
  readonly orderId: string;
  readonly startsAt: Date;
  /** Null: no end. For a subscription the end of the paid period, without its grace. */
  readonly endsAt: Date | null;
}

export interface BuyerTotals {
  /** Orders that were paid with Stars, and the amount paid. */
  readonly orders: number;
  readonly stars: number;
  /** The number of these that were refunded. */
  readonly refunds: number;
  readonly refundedStars: number;
}

export interface BuyerState {
  /** One row per bot that knows the person. */
  readonly buyers: readonly BuyerRow[];
  readonly purchases: readonly BuyerPurchase[];
  readonly entitlements: readonly BuyerEntitlement[];
  readonly hasMoreEntitlements: boolean;
  /** Subscriptions that have not ended, latest first. */
  readonly subscriptions: readonly SubscriptionRow[];
  readonly credits: readonly UnitBalance[];
  readonly totals: BuyerTotals;
  /** Terms that the person has agreed to, latest first. */
  readonly consents: readonly Consent[];
}

/** Number of purchases shown, latest first; the list of orders has all of them. */
const PURCHASES = 20;
const ENTITLEMENTS = 100;

/** A person's complete state for a creator's server. */
@Injectable()
export class BuyerStateService {
  constructor(
    private readonly credits: CreditReader,
    private readonly subscriptions: SubscriptionList,
    private readonly consents: ConsentService,
  ) {}

  /**
   * Reads everything about a buyer, with seven statements in one round trip. @throws NotFound when none of the tenant's
   * bots knows the person
   */
  async of(tx: TenantTx, telegramId: number, now: Date): Promise<BuyerState> {
    const { tenantId } = tx;
    const buyer = [tenantId, telegramId];
    const [buyers, purchases, entitlements, subscriptions, credits, totals, consents] = await Promise.all([
      tx.manager.find(BuyerRow, { where: { tenantId, telegramId }, order: { createdAt: 'ASC', botId: 'ASC' } }),
      tx.query<BuyerPurchase>(LAST_PURCHASES, buyer),
      tx.query<BuyerEntitlement>(ACTIVE, [...buyer, now]),
      this.subscriptions.running(tx, telegramId),
      this.credits.balances(tx, telegramId, now),
      tx.query<BuyerTotals>(TOTALS, buyer),
      this.consents.of(tx, telegramId),
    ]);
    const [sums] = totals;
    if (buyers.length === 0 || sums === undefined) throw new NotFound('buyer');
    return {
      buyers,
      purchases,
      entitlements: entitlements.slice(0, ENTITLEMENTS),
      hasMoreEntitlements: entitlements.length > ENTITLEMENTS,
      subscriptions,
      credits,
      totals: sums,
      consents,
    };
  }
}

// By the bots that know the person, because the index of orders begins with the bot.
const OF_BUYER = `buyers b join lateral (
  select * from orders o where o.tenant_id = $1 and o.bot_id = b.bot_id and o.buyer_id = $2 and o.paid_at is not null`;

const LAST_PURCHASES = `
select o.id as "orderId", o.bot_id as "botId", o.product_id as "productId", p.title, o.stars, o.credit_unit as "creditUnit",
  o.credit_amount as "creditAmount", o.state, o.delivery, o.paid_at as "paidAt"
from ${OF_BUYER} order by o.id desc limit ${PURCHASES}) o on true
join products p on p.tenant_id = $1 and p.id = o.product_id
where b.tenant_id = $1 and b.telegram_id = $2 order by o.id desc limit ${PURCHASES}`;

const ACTIVE = `
select e.id, e.bot_id as "botId", e.product_id as "productId", p.title, e.order_id as "orderId", e.starts_at as "startsAt",
  e.ends_at as "endsAt"
from entitlements e join products p on p.tenant_id = e.tenant_id and p.id = e.product_id
left join orders o on o.tenant_id = e.tenant_id and o.id = e.order_id and e.ends_at is not null
left join subscriptions s on s.tenant_id = o.tenant_id and s.id = o.subscription_id and s.paid_until = e.ends_at
where e.tenant_id = $1 and e.buyer_id = $2 and e.state = 'active'
  and (e.ends_at is null or greatest(e.ends_at, s.access_until) > $3) order by e.id desc limit ${ENTITLEMENTS + 1}`;

const TOTALS = `
select count(*)::int as orders, coalesce(sum(o.stars), 0)::bigint as stars,
  (count(*) filter (where o.state = 'refunded'))::int as refunds,
  coalesce(sum(o.stars) filter (where o.state = 'refunded'), 0)::bigint as "refundedStars"
from ${OF_BUYER} and o.billing <> 'credits') o on true where b.tenant_id = $1 and b.telegram_id = $2`;
