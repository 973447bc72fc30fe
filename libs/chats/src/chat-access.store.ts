import { Injectable } from '@nestjs/common';
import type { TenantTx } from '#libs/database';
import { EventStore, type EventType, JobStore, previousOf } from '#libs/journal';
import { newUuid } from '#libs/kernel';
import { In } from 'typeorm';
import { mergedAccess, type Paid, type Right, rightOf } from './chat-access.js';
import { ChatAccessRow } from './chat-access.entity.js';
import { chatAccessView } from './chat-access-view.js';

export type AccessEvent = Extract<EventType, `chat_access.${string}`>;

/** A purchase: the buyer and the product. */
export interface Purchase {
  readonly botId: string;
  readonly buyerId: number;
  readonly productId: string;
}

type Whose = Pick<ChatAccessRow, 'chatId' | 'buyerId'>;

/** Any change of an access clears its failure. */
const UNHINDERED = { failure: null, failedAt: null } as const;

/**
 * Access to chats, derived from payments that were not refunded. Every change of such payments calls
 * {@link settle} in the same transaction. Lock order: order, charge, subscription, then the access.
 */
@Injectable()
export class ChatAccessStore {
  constructor(
    private readonly events: EventStore,
    private readonly jobs: JobStore,
  ) {}

  /**
   * Computes when a buyer's access through a product that opens this chat ends: for each payment, and in total.
   * Idempotent, and independent of the order in which payments and refunds are reported.
   * @param setEnds stores the end of each payment, under the lock of the access
   */
  async settle(
    tx: TenantTx,
    chatId: string,
    purchase: Purchase,
    setEnds: () => Promise<void>,
    now: Date,
  ): Promise<void> {
    const row = await this.take(tx, chatId, purchase, now);
    await setEnds();
    await this.follow(tx, row, await this.right(tx, row, now), now);
  }

  /** Updates the accesses of a subscription whose dates have changed. */
  async subscriptionChanged(tx: TenantTx, { buyerId, productId }: Purchase, now: Date): Promise<void> {
    const [known] = await tx.query<{ id: string }>(
      `select a.id from chat_accesses a join products p on p.tenant_id = a.tenant_id and p.chat_id = a.chat_id
       where p.tenant_id = $1 and p.id = $2 and a.buyer_id = $3`,
      [tx.tenantId, productId, buyerId],
    );
    const row = known && (await this.lock(tx, known.id));
    if (row !== undefined) await this.follow(tx, row, await this.right(tx, row, now), now);
  }

  /** Locks an access for this transaction; undefined if there is none. */
  async lock(tx: TenantTx, id: string): Promise<ChatAccessRow | undefined> {
    const where = { tenantId: tx.tenantId, id };
    const row = await tx.manager.findOne(ChatAccessRow, { where, lock: { mode: 'pessimistic_write' } });
    return row ?? undefined;
  }

  /** A person's entitlement now. To act on it, hold the lock of their access, if they have one. */
  async right(tx: TenantTx, { chatId, buyerId }: Whose, now: Date): Promise<Right> {
    return rightOf(await tx.query<Paid>(RIGHTS, [tx.tenantId, chatId, buyerId]), now);
  }

  /** Stores changes, records the event, and schedules the next check; the caller holds the lock. */
  async change(
    tx: TenantTx,
    before: ChatAccessRow,
    changes: Partial<ChatAccessRow>,
    type: AccessEvent,
    now: Date,
  ): Promise<ChatAccessRow> {
    const after = { ...before, ...UNHINDERED, ...changes, updatedAt: now };
    const [was, is] = [chatAccessView(before), chatAccessView(after)];
    const { tenantId, id, ...written } = after;
    await tx.manager.update(ChatAccessRow, { tenantId, id }, written);
    await Promise.all([
      this.events.record(tx, { type, botId: after.botId, data: is, previous: previousOf(was, is) }),
      this.watch(tx, id),
    ]);
    return after;
  }

  /** Stores changes without an event for the creator, and schedules the next check. */
  async mark(tx: TenantTx, { id }: ChatAccessRow, changes: Partial<ChatAccessRow>): Promise<void> {
    await tx.manager.update(ChatAccessRow, { tenantId: tx.tenantId, id }, { ...UNHINDERED, ...changes });
    await this.watch(tx, id);
  }

  /**
   * Marks links as lost after the chat's id has changed, because links made for the former id no longer work. Buyers
   * outside the chat need new ones.
   */
  async loseLinks(tx: TenantTx, chatId: string): Promise<void> {
    const lost = await tx.query<{ id: string }>(
      `update chat_accesses set link_lost = state = 'invited'
       where tenant_id = $1 and chat_id = $2 and link is not null returning id`,
      [tx.tenantId, chatId],
    );
    await this.jobs.enqueue(
      tx,
      lost.map(({ id }) => ({ kind: 'access.watch', subject: id })),
    );
  }

  /**
   * Merges the accesses of a chat that had two rows: those of one move to the other, where the buyer may already have
   * one. The caller holds the locks of both chats and has moved everything else that refers to them.
   */
  async merge(tx: TenantTx, from: string, to: string, now: Date): Promise<void> {
    const rows = await tx.manager.find(ChatAccessRow, {
      where: { tenantId: tx.tenantId, chatId: In([from, to]) },
      order: { id: 'ASC' },
      lock: { mode: 'pessimistic_write' },
    });
    for (const row of rows.filter(({ chatId }) => chatId === from)) {
      const kept = rows.find(({ chatId, buyerId }) => chatId === to && buyerId === row.buyerId);
      if (kept === undefined) await this.change(tx, row, { chatId: to }, 'chat_access.updated', now);
      else await this.join(tx, kept, row, now);
    }
  }

  private async join(tx: TenantTx, kept: ChatAccessRow, other: ChatAccessRow, now: Date): Promise<void> {
    const over = { state: 'ended', endedAt: other.endedAt ?? now, linkLost: false, joinedAt: null } as const;
    const nowhere = { link: null, linkExpiresAt: null, requestedAt: null, intruderId: null, accessUntil: now } as const;
    await tx.manager.update(ChatAccessRow, { tenantId: tx.tenantId, id: other.id }, { ...over, ...nowhere });
    const merged = mergedAccess(kept, other);
    const { until } = await this.right(tx, kept, now);
    await this.change(tx, kept, { ...merged, accessUntil: until }, 'chat_access.updated', now);
  }

  /** Records a failed step and tells the creator why. The caller holds the lock and decides about a retry. */
  async hinder(tx: TenantTx, before: ChatAccessRow, failure: string, now: Date): Promise<void> {
    const after = { ...before, failure, failedAt: before.failedAt ?? now, updatedAt: now };
    const { failedAt, updatedAt, tenantId, id, botId } = after;
    const [was, is] = [chatAccessView(before), chatAccessView(after)];
    await tx.manager.update(ChatAccessRow, { tenantId, id }, { failure, failedAt, updatedAt });
    await this.events.record(tx, { type: 'chat_access.failed', botId, data: is, previous: previousOf(was, is) });
  }

  private watch(tx: TenantTx, id: string): Promise<void> {
    return this.jobs.enqueue(tx, [{ kind: 'access.watch', subject: id }]);
  }

  private async take(tx: TenantTx, id: string, { botId, buyerId }: Purchase, now: Date): Promise<ChatAccessRow> {
    // The lock makes a merge of this chat wait until the access exists.
    const [chat] = await tx.query<{ id: string }>(
      'select coalesce(merged_into, id) as id from chats where tenant_id = $1 and id = $2 for key share',
      [tx.tenantId, id],
    );
    const chatId = chat?.id ?? id;
    await tx.query(
      `insert into chat_accesses (tenant_id, id, chat_id, bot_id, buyer_id, state, access_until, ended_at, created_at, updated_at)
       values ($1, $2, $3, $4, $5, 'ended', $6, $6, $6, $6) on conflict (tenant_id, chat_id, buyer_id) do nothing`,
      [tx.tenantId, newUuid(now.getTime()), chatId, botId, buyerId, now],
    );
    return tx.manager.findOneOrFail(ChatAccessRow, {
      where: { tenantId: tx.tenantId, chatId, buyerId },
      lock: { mode: 'pessimistic_write' },
    });
  }

  /**
   * Applies a buyer's right to their access. The scheduled check ends expired access, because that takes a call to
   * Telegram.
   */
  private async follow(tx: TenantTx, row: ChatAccessRow, right: Right, now: Date): Promise<void> {
    const accessUntil = right.until;
    if (right.live && row.state === 'ended') {
      const granted = { state: 'invited', accessUntil, endedAt: null, joinedAt: null } as const;
      await this.change(tx, row, granted, 'chat_access.granted', now);
    } else if (accessUntil?.getTime() !== row.accessUntil?.getTime() && row.state !== 'ended') {
      await this.change(tx, row, { accessUntil }, 'chat_access.updated', now);
    } else {
      await this.watch(tx, row.id);
    }
  }
}

// Two bots of a workspace may sell one chat: a buyer of one is not removed by the other. A subscription lasts as long
// as its own dates, grace included.
const RIGHTS = `
select p.id as "productId", e.ends_at as "paidUntil", t.days, case when e.ends_at is null then null
  else greatest(e.ends_at + make_interval(secs => coalesce(t.grace_seconds, 0)), s.access_until) end as until
from chats c join chats twin on twin.tenant_id = c.tenant_id and twin.telegram_id = c.telegram_id and twin.merged_into is null
join products p on p.tenant_id = c.tenant_id and p.chat_id = twin.id
join entitlements e on e.tenant_id = c.tenant_id and e.product_id = p.id and e.buyer_id = $3 and e.state = 'active'
left join chat_access_terms t on t.tenant_id = c.tenant_id and t.product_id = p.id
left join orders o on o.tenant_id = c.tenant_id and o.id = e.order_id
left join subscriptions s on s.tenant_id = c.tenant_id and s.id = o.subscription_id and s.paid_until = e.ends_at
where c.tenant_id = $1 and c.id = $2 and c.merged_into is null`;
