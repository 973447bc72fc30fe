import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { type Cursor, seek, type TenantTx } from '#libs/database';
import { NotFound } from '#libs/kernel';
import type { CreatedFilter } from './created.js';
import type { Period } from './statement.js';
import { nextStep, type Step, type SubscriptionState } from '../subscriptions/subscription.js';
import { SubscriptionRow } from '../subscriptions/subscription.entity.js';

export interface SubscriptionFilter extends Cursor, CreatedFilter {
  readonly botId?: string | undefined;
  readonly productId?: string | undefined;
  readonly buyerId?: number | undefined;
  readonly state?: SubscriptionState | undefined;
  readonly limit: number;
}

/** Figures about subscriptions, of one plan or of all. */
export interface SubscriptionFigures {
  /** Null for all plans together. */
  readonly productId: string | null;
  readonly active: number;
  readonly pastDue: number;
  readonly canceled: number;
  /** Income per 30 days from renewing subscriptions in whole Stars, rounded down for periods of another length. */
  readonly monthlyStars: number;
  readonly started: number;
  readonly ended: number;
}

/** One subscription with the facts for its next check. */
export interface Watched {
  readonly subscription: SubscriptionRow;
  readonly title: string;
  readonly languageCode: string | null;
  readonly step: Step;
}

/** Queries of subscriptions. */
@Injectable()
export class SubscriptionList {
  /** Newest first, one more than `limit`. */
  list(tx: TenantTx, filter: SubscriptionFilter): Promise<SubscriptionRow[]> {
    const { botId, productId, buyerId, state, limit } = filter;
    const query = tx.manager
      .createQueryBuilder(SubscriptionRow, 's')
      .where('s.tenantId = :tenantId', { tenantId: tx.tenantId });
    if (botId !== undefined) query.andWhere('s.botId = :botId', { botId });
    if (productId !== undefined) query.andWhere('s.productId = :productId', { productId });
    if (buyerId !== undefined) query.andWhere('s.buyerId = :buyerId', { buyerId });
    if (state !== undefined) query.andWhere('s.state = :state', { state });
    // Its id is the order's, which may be older than the first payment, so ids cannot narrow this search.
    if (filter.createdFrom !== undefined) query.andWhere('s.createdAt >= :from', { from: filter.createdFrom });
    if (filter.createdTo !== undefined) query.andWhere('s.createdAt < :to', { to: filter.createdTo });
    return seek(query, 's.id', filter)
      .limit(limit + 1)
      .getMany();
  }

  /** @throws NotFound */
  async get(tx: TenantTx, id: string): Promise<SubscriptionRow> {
    const row = await tx.manager.findOneBy(SubscriptionRow, { tenantId: tx.tenantId, id });
    if (row === null) throw new NotFound('subscription');
    return row;
  }

  /** One buyer's subscriptions that have not ended, in all bots, newest first. */
  running(tx: TenantTx, buyerId: number): Promise<SubscriptionRow[]> {
    const { tenantId } = tx;
    return tx.manager.find(SubscriptionRow, {
      where: { tenantId, buyerId, state: In(['active', 'past_due', 'canceled']) },
      order: { id: 'DESC' },
      take: 100,
    });
  }

  /** One buyer's subscriptions in one bot that have not ended, newest first, with the titles of the plans. */
  ofBuyer(tx: TenantTx, botId: string, buyerId: number): Promise<Array<SubscriptionRow & { readonly title: string }>> {
    return tx.query(
      `select s.id, s.state, s.stars, s.period_seconds as "periodSeconds", s.paid_until as "paidUntil", s.product_id as "productId",
         s.access_until as "accessUntil", s.wish, s.locked, s.canceled_by as "canceledBy", p.title
       from subscriptions s join products p on p.tenant_id = s.tenant_id and p.id = s.product_id
       where s.tenant_id = $1 and s.buyer_id = $2 and s.bot_id = $3 and s.state <> 'ended' order by s.id desc limit 20`,
      [tx.tenantId, buyerId, botId],
    );
  }

  /** The next step of one subscription; undefined when there is none. */
  async watched(tx: TenantTx, id: string, now: Date): Promise<Watched | undefined> {
    const [subscription, plans] = await Promise.all([
      tx.manager.findOneBy(SubscriptionRow, { tenantId: tx.tenantId, id }),
      tx.query<{ title: string; languageCode: string | null; remindSeconds: number | null; winBack: boolean }>(
        `select p.title, y.language_code as "languageCode", n.remind_seconds as "remindSeconds", n.win_back as "winBack"
         from subscriptions s join products p on p.tenant_id = s.tenant_id and p.id = s.product_id
         join buyers y on y.tenant_id = s.tenant_id and y.bot_id = s.bot_id and y.telegram_id = s.buyer_id
         join subscription_plans n on n.tenant_id = p.tenant_id and n.product_id = p.id
         where s.tenant_id = $1 and s.id = $2`,
        [tx.tenantId, id],
      ),
    ]);
    const [plan] = plans;
    if (subscription === null || plan === undefined) return undefined;
    const { title, languageCode } = plan;
    return { subscription, title, languageCode, step: nextStep({ ...subscription, ...plan }, now) };
  }

  /**
   * The current states of subscriptions, and the numbers that began and ended in a period, by plan; the totals come
   * first. One index scan over running ones, one over ended ones: those that ended at other times are not read.
   */
  async figures(tx: TenantTx, period: Period, botId: string | undefined): Promise<SubscriptionFigures[]> {
    return tx.query<SubscriptionFigures>(
      `select product_id as "productId",
         (count(*) filter (where state = 'active'))::int as active, (count(*) filter (where state = 'past_due'))::int as "pastDue",
         (count(*) filter (where state = 'canceled'))::int as canceled,
         coalesce(sum(stars::bigint * 2592000 / period_seconds) filter (where state in ('active', 'past_due')), 0)::bigint as "monthlyStars",
         (count(*) filter (where created_at >= $2 and created_at < $3))::int as started,
         (count(*) filter (where ended_at >= $2 and ended_at < $3))::int as ended
       from (
         select * from subscriptions where tenant_id = $1 and state <> 'ended' and ($4::uuid is null or bot_id = $4)
         union all
         select * from subscriptions where tenant_id = $1 and ended_at >= $2 and ($4::uuid is null or bot_id = $4)
       ) s group by rollup (product_id) order by product_id nulls first`,
      [tx.tenantId, period.from, period.to, botId ?? null],
    );
  }
}
