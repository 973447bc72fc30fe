import { Injectable } from '@nestjs/common';
import { type Cursor, seek, type TenantTx } from '#libs/database';
import { EventStore, JobStore } from '#libs/journal';
import { newUuid, NotFound } from '#libs/kernel';
import { mayWrite, ThreadClosed, type ThreadState, WRITING_WINDOW_MS } from './support.js';
import { SupportMessageRow } from './support-message.entity.js';
import { SupportThreadRow } from './support-thread.entity.js';
import { receivedView } from './view.js';

export interface Topic {
  readonly botId: string;
  readonly buyerId: number;
  /** Null: something else than an order. */
  readonly orderId: string | null;
}

export interface BuyerMessage {
  readonly botId: string;
  readonly buyerId: number;
  /** At most 4096 characters (Bot API, Message.text). */
  readonly text: string;
  readonly telegramMessageId: number;
}

export type Received =
  /** The buyer has no thread that is not closed. */
  | { readonly kind: 'no_thread' }
  /** The buyer has written too much within the last hour; nothing was kept. */
  | { readonly kind: 'too_many' }
  | { readonly kind: 'received'; readonly threadId: string; readonly first: boolean };

export interface ThreadFilter extends Cursor {
  readonly state?: ThreadState | undefined;
  readonly botId?: string | undefined;
  readonly buyerId?: number | undefined;
  readonly orderId?: string | undefined;
  readonly limit: number;
}

export interface Conversation {
  readonly thread: SupportThreadRow;
  /** The last ones, oldest first. */
  readonly messages: readonly SupportMessageRow[];
  readonly hasEarlier: boolean;
}

const SHOWN_MESSAGES = 200;

/** Conversations between buyers and the creator. What leaves through the bot is the business of {@link AnswerService}. */
@Injectable()
export class SupportService {
  constructor(
    private readonly events: EventStore,
    private readonly jobs: JobStore,
  ) {}

  /**
   * The buyer chose what to talk about: what they write from now on belongs here. Chosen again, or twice at once, it is the same
   * thread until it is closed.
   * @throws NotFound when this buyer has no such order in this bot
   */
  async open(tx: TenantTx, { botId, buyerId, orderId }: Topic, now: Date): Promise<string> {
    if (orderId !== null) await mustBeTheirs(tx, botId, buyerId, orderId);
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

  /** A buyer's words go into their live thread that was last active, and the creator is told that there are some. */
  async receive(tx: TenantTx, message: BuyerMessage, now: Date): Promise<Received> {
    const thread = await this.lockActive(tx, message.botId, message.buyerId);
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
    return { kind: 'received', threadId: thread.id, first: written.ever === 0 };
  }

  /** Whether what the buyer writes now would go into a thread. */
  async isTalking(tx: TenantTx, botId: string, buyerId: number): Promise<boolean> {
    const rows = await tx.query(
      `select 1 from support_threads where tenant_id = $1 and bot_id = $2 and buyer_id = $3 and state <> 'closed' limit 1`,
      [tx.tenantId, botId, buyerId],
    );
    return rows.length > 0;
  }

  /** Keeps the creator's answer and has it sent. @throws NotFound, ThreadClosed */
  async answer(
    tx: TenantTx,
    threadId: string,
    answer: { readonly text: string; readonly accountId: string },
    now: Date,
  ): Promise<SupportMessageRow> {
    const thread = await this.lock(tx, threadId);
    if (thread.state === 'closed') throw new ThreadClosed();
    const message: SupportMessageRow = {
      tenantId: tx.tenantId,
      id: newUuid(now.getTime()),
      threadId,
      direction: 'creator',
      text: answer.text,
      accountId: answer.accountId,
      telegramMessageId: null,
      delivery: 'waiting',
      deliveryError: null,
      createdAt: now,
      sentAt: null,
    };
    await tx.manager.insert(SupportMessageRow, message);
    await touch(tx, threadId, 'answered', now);
    await this.jobs.enqueue(tx, [{ kind: 'support.send', subject: threadId }]);
    return message;
  }

  /** Nothing more is kept in it; answers that wait still go out. Safe to repeat. @throws NotFound */
  async close(tx: TenantTx, threadId: string, now: Date): Promise<SupportThreadRow> {
    const thread = await this.lock(tx, threadId);
    if (thread.state === 'closed') return thread;
    const changes = { state: 'closed', closedAt: now } as const;
    await tx.manager.update(SupportThreadRow, { tenantId: tx.tenantId, id: threadId }, changes);
    return { ...thread, ...changes };
  }

  /** Newest first, one more than `limit`. */
  list(tx: TenantTx, filter: ThreadFilter): Promise<SupportThreadRow[]> {
    const query = tx.manager
      .createQueryBuilder(SupportThreadRow, 't')
      .where('t.tenantId = :tenantId', { tenantId: tx.tenantId });
    if (filter.state !== undefined) query.andWhere('t.state = :state', { state: filter.state });
    if (filter.botId !== undefined) query.andWhere('t.botId = :botId', { botId: filter.botId });
    if (filter.buyerId !== undefined) query.andWhere('t.buyerId = :buyerId', { buyerId: filter.buyerId });
    if (filter.orderId !== undefined) query.andWhere('t.orderId = :orderId', { orderId: filter.orderId });
    return seek(query, 't.id', filter)
      .limit(filter.limit + 1)
      .getMany();
  }

  /** @throws NotFound */
  async conversation(tx: TenantTx, threadId: string): Promise<Conversation> {
    const { tenantId } = tx;
    const thread = await tx.manager.findOneBy(SupportThreadRow, { tenantId, id: threadId });
    if (thread === null) throw new NotFound('support thread');
    const newest = await tx.manager.find(SupportMessageRow, {
      where: { tenantId, threadId },
      order: { id: 'DESC' },
      take: SHOWN_MESSAGES + 1,
    });
    const messages = newest.slice(0, SHOWN_MESSAGES).toReversed();
    return { thread, messages, hasEarlier: newest.length > SHOWN_MESSAGES };
  }

  private async lock(tx: TenantTx, threadId: string): Promise<SupportThreadRow> {
    const thread = await tx.manager.findOne(SupportThreadRow, {
      where: { tenantId: tx.tenantId, id: threadId },
      lock: { mode: 'pessimistic_write' },
    });
    if (thread === null) throw new NotFound('support thread');
    return thread;
  }

  private async lockActive(tx: TenantTx, botId: string, buyerId: number): Promise<SupportThreadRow | undefined> {
    const thread = await tx.manager
      .createQueryBuilder(SupportThreadRow, 't')
      .where('t.tenantId = :tenantId and t.botId = :botId and t.buyerId = :buyerId', {
        tenantId: tx.tenantId,
        botId,
        buyerId,
      })
      .andWhere(`t.state <> 'closed'`)
      .orderBy('t.activeAt', 'DESC')
      .addOrderBy('t.id', 'DESC')
      .limit(1)
      .setLock('pessimistic_write')
      .getOne();
    return thread ?? undefined;
  }
}

async function mustBeTheirs(tx: TenantTx, botId: string, buyerId: number, orderId: string): Promise<void> {
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

async function touch(tx: TenantTx, threadId: string, state: ThreadState, now: Date): Promise<void> {
  const changes = { state, activeAt: now, lastMessageAt: now };
  await tx.manager.update(SupportThreadRow, { tenantId: tx.tenantId, id: threadId }, changes);
}
