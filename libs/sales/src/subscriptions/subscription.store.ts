import { Injectable } from '@nestjs/common';
import { ChatAccessStore } from '#libs/chats';
import type { TenantTx } from '#libs/database';
import { EventStore, type EventType, JobStore, previousOf } from '#libs/journal';
import { OrderRow } from '../orders/order.entity.js';
import type { Payment } from '../charges/payment.js';
import { accessUntil, afterBegin, byReport, mayRenew, REPORT_EVENTS, type SubscriptionReport } from './subscription.js';
import { SubscriptionRow } from './subscription.entity.js';
import { subscriptionView } from './subscription-view.js';

export type SubscriptionEvent = Extract<EventType, `subscription.${string}`>;

/** Subscriptions and the consequences of each change: an event for the creator, and the next check of its end. */
@Injectable()
export class SubscriptionStore {
  constructor(
    private readonly events: EventStore,
    private readonly jobs: JobStore,
    private readonly accesses: ChatAccessStore,
  ) {}

  /** Locks it for this transaction. Lock order: the order that began it, then the subscription. */
  async lock(tx: TenantTx, id: string): Promise<SubscriptionRow | undefined> {
    const row = await tx.manager.findOne(SubscriptionRow, {
      where: { tenantId: tx.tenantId, id },
      lock: { mode: 'pessimistic_write' },
    });
    return row ?? undefined;
  }

  /** Begins the subscription of a paid order, with the current terms of its plan. */
  async begin(tx: TenantTx, order: OrderRow, payment: Payment, now: Date): Promise<SubscriptionRow> {
    const plans = await tx.query<{ periodSeconds: number; graceSeconds: number }>(
      `select period_seconds as "periodSeconds", grace_seconds as "graceSeconds" from subscription_plans
       where tenant_id = $1 and product_id = $2`,
      [tx.tenantId, order.productId],
    );
    const [plan] = plans;
    if (plan === undefined) throw new Error('an order of a subscription whose product is no plan');
    const { recurring, occurredAt } = payment;
    // Telegram does not say that it recurs: then it lasts for one period and is not expected to renew.
    const state = recurring === undefined ? 'canceled' : 'active';
    const paidUntil = recurring?.until ?? new Date(occurredAt.getTime() + plan.periodSeconds * 1_000);
    const row: SubscriptionRow = {
      tenantId: tx.tenantId,
      id: order.id,
      botId: order.botId,
      buyerId: order.buyerId,
      productId: order.productId,
      stars: order.stars,
      ...plan,
      state,
      paidUntil,
      accessUntil: accessUntil({ state, paidUntil, graceSeconds: plan.graceSeconds }),
      renewals: 0,
      firstChargeId: recurring?.first === false ? null : payment.telegramChargeId,
      wish: null,
      wishFailure: null,
      locked: false,
      canceledBy: state === 'canceled' ? 'telegram' : null,
      canceledAt: state === 'canceled' ? now : null,
      endedAt: null,
      remindedUntil: null,
      farewellUntil: null,
      wonBackAt: null,
      metadata: {},
      createdAt: occurredAt,
      updatedAt: now,
    };
    await tx.manager.insert(SubscriptionRow, row);
    await Promise.all([this.record(tx, 'subscription.created', row), this.plan(tx, row)]);
    const next = afterBegin(state, order, payment);
    if (next === undefined || order.reported === null) return row;
    return this.change(tx, row, byReport(next.state, row, next.at), REPORT_EVENTS[order.reported], now);
  }

  /**
   * Locks the order that begins this subscription, or would; undefined when it does not belong to this buyer and bot,
   * or begins none.
   */
  async lockOrder(
    tx: TenantTx,
    { id, botId, buyerId }: { readonly id: string; readonly botId: string; readonly buyerId: number },
  ): Promise<OrderRow | undefined> {
    const where = { tenantId: tx.tenantId, id, botId, buyerId, billing: 'subscription_start' as const };
    return (await tx.manager.findOne(OrderRow, { where, lock: { mode: 'pessimistic_write' } })) ?? undefined;
  }

  /** Stores Telegram's report until the subscription begins. The caller holds the order's lock. */
  async keepReport(tx: TenantTx, { id }: OrderRow, reported: SubscriptionReport, now: Date): Promise<void> {
    await tx.manager.update(OrderRow, { tenantId: tx.tenantId, id }, { reported, reportedAt: now });
  }

  /** Stores changes, records the event, and schedules the next check; the caller holds the lock. */
  async change(
    tx: TenantTx,
    before: SubscriptionRow,
    changes: Partial<SubscriptionRow>,
    type: SubscriptionEvent,
    now: Date,
  ): Promise<SubscriptionRow> {
    const merged = { ...before, ...changes, updatedAt: now };
    const after: SubscriptionRow = { ...merged, accessUntil: accessUntil(merged) };
    const { tenantId, id, ...written } = after;
    await tx.manager.update(SubscriptionRow, { tenantId, id }, written);
    await Promise.all([this.record(tx, type, after, before), this.plan(tx, after)]);
    // The access after a payment is computed once the payment is completely written.
    if (type !== 'subscription.renewed') await this.accesses.subscriptionChanged(tx, after, now);
    return after;
  }

  /** Stores changes without telling the creator, and schedules the next check. */
  async mark(tx: TenantTx, before: SubscriptionRow, changes: Partial<SubscriptionRow>): Promise<void> {
    await tx.manager.update(SubscriptionRow, { tenantId: before.tenantId, id: before.id }, changes);
    await this.plan(tx, before);
  }

  /** Subscriptions that Telegram may continue to charge for and has not been asked to stop yet, at most `limit`. */
  async toStop(tx: TenantTx, botId: string, limit: number): Promise<string[]> {
    const rows = await tx.query<{ id: string }>(
      `select id from subscriptions s where tenant_id = $1 and bot_id = $2 and ${mayRenew('s')} and first_charge_id is not null
         and wish is distinct from 'cancel' and wish_failure is null order by id limit $3`,
      [tx.tenantId, botId, limit],
    );
    return rows.map((row) => row.id);
  }

  /** Makes requests that Telegram refused before due again. */
  async forgetFailures(tx: TenantTx, botId: string): Promise<void> {
    await tx.query(
      'update subscriptions set wish_failure = null where tenant_id = $1 and bot_id = $2 and not locked and wish_failure is not null',
      [tx.tenantId, botId],
    );
  }

  /** The end of the time covered by payments that were not refunded; undefined when there is none. */
  async paidUntil(tx: TenantTx, id: string): Promise<Date | undefined> {
    const rows = await tx.query<{ until: Date | null }>(
      `select max(e.ends_at) as until from orders o join entitlements e on e.tenant_id = o.tenant_id and e.order_id = o.id
       where o.tenant_id = $1 and o.subscription_id = $2 and e.state = 'active'`,
      [tx.tenantId, id],
    );
    return rows[0]?.until ?? undefined;
  }

  private record(tx: TenantTx, type: SubscriptionEvent, row: SubscriptionRow, before?: SubscriptionRow) {
    const data = subscriptionView(row);
    const previous = before === undefined ? {} : { previous: previousOf(subscriptionView(before), data) };
    return this.events.record(tx, { type, botId: row.botId, data, ...previous });
  }

  private plan(tx: TenantTx, { id, wish }: SubscriptionRow): Promise<void> {
    return this.jobs.enqueue(tx, [
      { kind: 'subscription.watch', subject: id },
      ...(wish === null ? [] : [{ kind: 'subscription.edit' as const, subject: id }]),
    ]);
  }
}
