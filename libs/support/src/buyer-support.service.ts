import { Injectable } from '@nestjs/common';
import type { TenantTx } from '#libs/database';
import { EventStore } from '#libs/journal';
import { newUuid, NotFound } from '#libs/kernel';
import { ANSWERED_WINDOW_MS, mayWrite, type SupportFile, WRITING_WINDOW_MS } from './support.js';
import { SupportMessageRow } from './support-message.entity.js';
import { SupportThreadRow } from './support-thread.entity.js';
import { touch } from './thread.js';
import { receivedView } from './view.js';

/** A buyer of one bot. */
export interface Asker {
  readonly botId: string;
  readonly buyerId: number;
}

export interface Topic extends Asker {
  /** Null when it is not about an order. */
  readonly orderId: string | null;
}

export interface BuyerMessage extends Asker {
  /** At most 4096 characters (Bot API, Message.text); for a file, its caption, which may be empty. */
  readonly text: string;
  readonly file?: SupportFile | undefined;
  readonly telegramMessageId: number;
  /** The message that this one replies to. */
  readonly repliesTo?: number | undefined;
}

export type Received =
  /** The buyer is not in a conversation, and the message is not a reply to one of the creator's. */
  | { readonly kind: 'no_thread' }
  /** The buyer has written too many messages within the last hour; the message was not kept. */
  | { readonly kind: 'too_many' }
  /** `begins`: nothing was waiting for the creator yet, so the buyer should be told that the message arrived. */
  | { readonly kind: 'received'; readonly threadId: string; readonly begins: boolean };

/** Support for buyers: they choose a topic, write, reply, and finish. */
@Injectable()
export class BuyerSupportService {
  constructor(private readonly events: EventStore) {}

  /**
   * Opens a thread for the buyer's topic, to which their next messages belong. Idempotent, even for concurrent calls,
   * until the thread is closed.
   * @throws NotFound when this buyer has no such order in this bot
   */
  async open(tx: TenantTx, { botId, buyerId, orderId }: Topic, now: Date): Promise<string> {
    if (orderId !== null) await requireOwnOrder(tx, botId, buyerId, orderId);
    const rows = await tx.query<{ id: string }>(
      `insert into support_threads as t (tenant_id, id, bot_id, buyer_id, order_id, state, active_at, created_at)
       values ($1, $2, $3, $4, $5, 'open', $6, $6)
       on conflict (tenant_id, bot_id, buyer_id, order_id) where state <> 'closed'
         do update set active_at = greatest(t.active_at, excluded.active_at)
       returning t.id`,
      [tx.tenantId, newUuid(now.getTime()), botId, buyerId, orderId, now],
    );
    const id = rows[0]?.id;
    if (id === undefined) throw new Error('an upsert of a support thread returned nothing');
    return id;
  }

  /**
   * Adds a buyer's message to the thread that it replies to, else to the most recently active live one, and tells the
   * creator.
   */
  async receive(tx: TenantTx, message: BuyerMessage, now: Date): Promise<Received> {
    const { repliesTo } = message;
    const answered = repliesTo === undefined ? undefined : await this.answeredBy(tx, message, repliesTo);
    const thread =
      answered === undefined ? await this.lockActive(tx, message, now) : await this.live(tx, answered, now);
    if (thread === undefined) return { kind: 'no_thread' };
    const written = await countWritten(tx, thread.id, new Date(now.getTime() - WRITING_WINDOW_MS));
    if (!mayWrite(written.lately)) return { kind: 'too_many' };

    const id = newUuid(now.getTime());
    await tx.manager.insert(SupportMessageRow, {
      tenantId: tx.tenantId,
      id,
      threadId: thread.id,
      direction: 'buyer',
      text: message.text,
      fileKind: message.file?.kind ?? null,
      fileId: message.file?.fileId ?? null,
      fileName: message.file?.name ?? null,
      uploadId: null,
      accountId: null,
      telegramMessageId: message.telegramMessageId,
      delivery: null,
      createdAt: now,
    });
    await touch(tx, thread.id, 'open', now);
    await this.events.record(tx, {
      type: 'support.message_received',
      botId: thread.botId,
      ...(thread.orderId === null ? {} : { orderId: thread.orderId }),
      data: receivedView(thread, id, now),
    });
    return { kind: 'received', threadId: thread.id, begins: written.ever === 0 || thread.state !== 'open' };
  }

  /** True when a message that the buyer writes now, or a reply to that message, would belong to a thread. */
  async isTalking(tx: TenantTx, asker: Asker, now: Date, repliesTo?: number): Promise<boolean> {
    const rows = await tx.query(
      `select 1 from support_threads
       where tenant_id = $1 and bot_id = $2 and buyer_id = $3 and (state = 'open' or state = 'answered' and active_at > $4) limit 1`,
      [tx.tenantId, asker.botId, asker.buyerId, answeredSince(now)],
    );
    if (rows.length > 0 || repliesTo === undefined) return rows.length > 0;
    return (await this.answeredBy(tx, asker, repliesTo)) !== undefined;
  }

  /** Reopens a thread in which the buyer replies: their next messages belong to it. @throws NotFound */
  async resume(tx: TenantTx, asker: Asker, threadId: string, now: Date): Promise<void> {
    const thread = await lockTheirs(tx, asker, threadId);
    const { id } = await this.live(tx, thread, now);
    await tx.manager.update(SupportThreadRow, { tenantId: tx.tenantId, id }, { activeAt: now });
  }

  /** Closes a thread when the buyer needs no more help. Pending replies are still sent. Idempotent. @throws NotFound */
  async finish(tx: TenantTx, asker: Asker, threadId: string, now: Date): Promise<void> {
    const thread = await lockTheirs(tx, asker, threadId);
    if (thread.state === 'closed') return;
    await tx.manager.update(
      SupportThreadRow,
      { tenantId: tx.tenantId, id: threadId },
      { state: 'closed', closedAt: now },
    );
  }

  /** Returns the thread, reopened if it was closed, or a newer live one about the same topic. */
  private async live(tx: TenantTx, thread: SupportThreadRow, now: Date): Promise<SupportThreadRow> {
    if (thread.state !== 'closed') return thread;
    const { botId, buyerId, orderId } = thread;
    const rows = await tx.query<{ id: string }>(
      `update support_threads t set state = 'answered', closed_at = null, active_at = $3
       where t.tenant_id = $1 and t.id = $2 and not exists (select from support_threads o where o.tenant_id = $1 and o.bot_id = t.bot_id
         and o.buyer_id = t.buyer_id and o.order_id is not distinct from t.order_id and o.state <> 'closed')
       returning t.id`,
      [tx.tenantId, thread.id, now],
    );
    if (rows.length > 0) return { ...thread, state: 'answered', closedAt: null, activeAt: now };
    return lockTheirs(tx, thread, await this.open(tx, { botId, buyerId, orderId }, now));
  }

  /** Locks and returns the thread of a creator's message. */
  private async answeredBy(
    tx: TenantTx,
    { botId, buyerId }: Asker,
    answer: number,
  ): Promise<SupportThreadRow | undefined> {
    const thread = await tx.manager
      .createQueryBuilder(SupportThreadRow, 't')
      .innerJoin(SupportMessageRow, 'm', 'm.tenantId = t.tenantId and m.threadId = t.id')
      .where('t.tenantId = :tenantId and t.botId = :botId and t.buyerId = :buyerId', {
        tenantId: tx.tenantId,
        botId,
        buyerId,
      })
      .andWhere('m.telegramMessageId = :answer', { answer })
      .setLock('pessimistic_write', undefined, ['t'])
      .getOne();
    return thread ?? undefined;
  }

  private async lockActive(tx: TenantTx, { botId, buyerId }: Asker, now: Date): Promise<SupportThreadRow | undefined> {
    const thread = await tx.manager
      .createQueryBuilder(SupportThreadRow, 't')
      .where('t.tenantId = :tenantId and t.botId = :botId and t.buyerId = :buyerId', {
        tenantId: tx.tenantId,
        botId,
        buyerId,
      })
      .andWhere(`(t.state = 'open' or t.state = 'answered' and t.activeAt > :since)`, { since: answeredSince(now) })
      .orderBy('t.activeAt', 'DESC')
      .addOrderBy('t.id', 'DESC')
      .limit(1)
      .setLock('pessimistic_write')
      .getOne();
    return thread ?? undefined;
  }
}

const answeredSince = (now: Date) => new Date(now.getTime() - ANSWERED_WINDOW_MS);

async function lockTheirs(tx: TenantTx, { botId, buyerId }: Asker, id: string): Promise<SupportThreadRow> {
  const thread = await tx.manager.findOne(SupportThreadRow, {
    where: { tenantId: tx.tenantId, id, botId, buyerId },
    lock: { mode: 'pessimistic_write' },
  });
  if (thread === null) throw new NotFound('support thread');
  return thread;
}

async function requireOwnOrder(tx: TenantTx, botId: string, buyerId: number, orderId: string): Promise<void> {
  const rows = await tx.query(
    `select 1 from orders where tenant_id = $1 and id = $2 and bot_id = $3 and buyer_id = $4`,
    [tx.tenantId, orderId, botId, buyerId],
  );
  if (rows.length === 0) throw new NotFound('order');
}

async function countWritten(
  tx: TenantTx,
  threadId: string,
  since: Date,
): Promise<{ readonly ever: number; readonly lately: number }> {
  const rows = await tx.query<{ ever: number; lately: number }>(
    `select count(*)::int as ever, (count(*) filter (where created_at > $3))::int as lately
     from support_messages where tenant_id = $1 and thread_id = $2 and direction = 'buyer'`,
    [tx.tenantId, threadId, since],
  );
  return rows[0] ?? { ever: 0, lately: 0 };
}
