import { Injectable } from '@nestjs/common';
import { setChatReady } from '#libs/catalog';
import type { TenantTx } from '#libs/database';
import { alertJobs, EventStore, JobStore, previousOf } from '#libs/journal';
import { NotFound } from '#libs/kernel';
import { IsNull } from 'typeorm';
import { obstaclesIn } from './chat.js';
import { ChatRow } from './chat.entity.js';
import { chatEventView } from './chat-view.js';

/**
 * Chats and the consequences of their changes. A merged row is replaced by the one it was merged into. Lock order:
 * products, chats in the order of their ids, then accesses.
 */
@Injectable()
export class ChatStore {
  constructor(
    private readonly events: EventStore,
    private readonly jobs: JobStore,
  ) {}

  /** @throws NotFound */
  async get(tx: TenantTx, id: string): Promise<ChatRow> {
    const chat = await tx.manager.findOneBy(ChatRow, { tenantId: tx.tenantId, id });
    if (chat === null) throw new NotFound('chat');
    return chat.mergedInto === null ? chat : this.get(tx, chat.mergedInto);
  }

  /** Finds a chat by its present or former Telegram id; undefined when the bot was never an administrator there. */
  async find(tx: TenantTx, botId: string, telegramId: number): Promise<ChatRow | undefined> {
    const [key, number] = [{ tenantId: tx.tenantId, botId, mergedInto: IsNull() }, telegramId];
    const where = [
      { ...key, telegramId: number },
      { ...key, formerTelegramId: number },
    ];
    return (await tx.manager.findOne(ChatRow, { where })) ?? undefined;
  }

  /** Locks a chat for this transaction, against changes and against new references to it. @throws NotFound */
  async lock(tx: TenantTx, id: string): Promise<ChatRow> {
    const chat = await tx.manager.findOne(ChatRow, {
      where: { tenantId: tx.tenantId, id },
      lock: { mode: 'pessimistic_write' },
    });
    if (chat === null) throw new NotFound('chat');
    return chat.mergedInto === null ? chat : this.lock(tx, chat.mergedInto);
  }

  /** Stores changes and records the event; the caller holds the lock. */
  async change(tx: TenantTx, before: ChatRow, changes: Partial<ChatRow>, now: Date): Promise<ChatRow> {
    const merged = { ...before, ...changes };
    const obstacles = obstaclesIn(merged);
    const after: ChatRow = {
      ...merged,
      lackingSince: obstacles.length === 0 ? null : (before.lackingSince ?? now),
      updatedAt: now,
    };
    const { tenantId, id, ...written } = after;
    await tx.manager.update(ChatRow, { tenantId, id }, written);
    const [was, is] = [chatEventView(before), chatEventView(after)];
    const previous = previousOf(was, is);
    if (Object.keys(previous).length === 0) return after;
    const eventId = await this.events.record(tx, { type: 'chat.updated', botId: after.botId, data: is, previous });
    const former = obstaclesIn(before);
    const isWorse = obstacles.some((obstacle) => !former.includes(obstacle));
    if (isWorse) await this.jobs.enqueue(tx, alertJobs(eventId));
    if ((before.lackingSince === null) !== (after.lackingSince === null)) await this.open(tx, after, now);
    return after;
  }

  /** Applies a chat's readiness: whether access is sold, and steps that could not be taken before. */
  async open(tx: TenantTx, { id, lackingSince }: ChatRow, now: Date): Promise<void> {
    const ready = lackingSince === null;
    await setChatReady(tx, id, ready);
    if (!ready) return;
    const [accesses, orders] = await Promise.all([
      tx.query<{ id: string }>(
        `select id from chat_accesses where tenant_id = $1 and chat_id = $2
           and (state = 'ending' or requested_at is not null or intruder_id is not null or link_lost
             or (state <> 'ended' and access_until <= $3) or (state in ('member', 'ended') and link is not null))`,
        [tx.tenantId, id, now],
      ),
      tx.query<{ id: string }>(
        `select o.id from orders o join products p on p.tenant_id = o.tenant_id and p.id = o.product_id
         where o.tenant_id = $1 and p.chat_id = $2 and o.state = 'paid' and o.delivery = 'waiting'`,
        [tx.tenantId, id],
      ),
    ]);
    await this.jobs.enqueue(tx, [
      ...accesses.map((access) => ({ kind: 'access.watch' as const, subject: access.id })),
      ...orders.map((order) => ({ kind: 'order.deliver' as const, subject: order.id })),
    ]);
  }
}
