import { Injectable } from '@nestjs/common';
import { type Cursor, seek, type TenantTx } from '#libs/database';
import { JobStore } from '#libs/journal';
import { newUuid, NotFound } from '#libs/kernel';
import { type AnswerFile, FileOfAnotherBot, ThreadClosed, type ThreadState } from './support.js';
import { SupportMessageRow } from './support-message.entity.js';
import { SupportThreadRow } from './support-thread.entity.js';
import { touch } from './thread.js';

export interface ThreadFilter extends Cursor {
  readonly state?: ThreadState | undefined;
  readonly botId?: string | undefined;
  readonly buyerId?: number | undefined;
  readonly orderId?: string | undefined;
  readonly limit: number;
}

export interface NewAnswer {
  /** For a file, its caption, which may be empty. */
  readonly text: string;
  readonly accountId: string;
  readonly file?: AnswerFile | undefined;
}

export interface Conversation {
  readonly thread: SupportThreadRow;
  /** The latest ones, oldest first. */
  readonly messages: readonly SupportMessageRow[];
  readonly hasEarlier: boolean;
}

const SHOWN_MESSAGES = 200;

/** Lets creators read, answer and close threads. {@link AnswerService} sends the replies through the bot. */
@Injectable()
export class SupportService {
  constructor(private readonly jobs: JobStore) {}

  /** Checks that a thread accepts replies, before a file for it is received. @throws NotFound, ThreadClosed */
  async requireOpen(tx: TenantTx, threadId: string): Promise<void> {
    const thread = await tx.manager.findOneBy(SupportThreadRow, { tenantId: tx.tenantId, id: threadId });
    if (thread === null) throw new NotFound('support thread');
    if (thread.state === 'closed') throw new ThreadClosed();
  }

  /** Stores the creator's reply and queues it. @throws NotFound, ThreadClosed, FileOfAnotherBot */
  async answer(tx: TenantTx, threadId: string, answer: NewAnswer, now: Date): Promise<SupportMessageRow> {
    const thread = await this.lock(tx, threadId);
    if (thread.state === 'closed') throw new ThreadClosed();
    const { file } = answer;
    const atTelegram = file !== undefined && 'fileId' in file ? file : undefined;
    if (atTelegram !== undefined && atTelegram.botId !== thread.botId) throw new FileOfAnotherBot();
    const message: SupportMessageRow = {
      tenantId: tx.tenantId,
      id: newUuid(now.getTime()),
      threadId,
      direction: 'creator',
      text: answer.text,
      fileKind: file?.kind ?? null,
      fileId: atTelegram?.fileId ?? null,
      fileName: file?.name ?? null,
      uploadId: file !== undefined && 'uploadId' in file ? file.uploadId : null,
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

  /** Closes the thread to further messages; pending replies are still sent. Idempotent. @throws NotFound */
  async close(tx: TenantTx, threadId: string, now: Date): Promise<SupportThreadRow> {
    const thread = await this.lock(tx, threadId);
    if (thread.state === 'closed') return thread;
    const changes = { state: 'closed', closedAt: now } as const;
    await tx.manager.update(SupportThreadRow, { tenantId: tx.tenantId, id: threadId }, changes);
    return { ...thread, ...changes };
  }

  /** Newest first; one more than `limit` when there are more. */
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
}
