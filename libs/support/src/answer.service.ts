import { Injectable } from '@nestjs/common';
import type { TenantTx } from '#libs/database';
import { EventStore, JobStore } from '#libs/journal';
import { clip } from '#libs/kernel';
import type { SupportFile } from './support.js';
import { failedView } from './view.js';

/** A creator's reply that has to be sent. */
export interface OutgoingAnswer {
  readonly messageId: string;
  readonly threadId: string;
  readonly botId: string;
  readonly buyerId: number;
  readonly languageCode: string | null;
  /** For a file, its caption, which may be empty. */
  readonly text: string;
  /** Null if there is only text. */
  readonly fileKind: SupportFile['kind'] | null;
  /** Telegram's id of the file, if the bot has it already; else the file is {@link uploadId}. */
  readonly fileId: string | null;
  readonly uploadId: string | null;
  /** The title of the product whose order the thread is about; null when it is about something else. */
  readonly title: string | null;
  readonly productId: string | null;
}

export type AnswerResult =
  /** `fileId`: Telegram's id of the file that was sent. */
  | { readonly kind: 'sent'; readonly telegramMessageId: number; readonly fileId?: string | undefined }
  | { readonly kind: 'unreachable'; readonly error: string }
  | { readonly kind: 'failed'; readonly error: string };

/** Sends creators' replies to buyers: one at a time within a thread, in the order in which they were written. */
@Injectable()
export class AnswerService {
  constructor(
    private readonly jobs: JobStore,
    private readonly events: EventStore,
  ) {}

  /** Returns the oldest pending reply of a thread, if any. */
  async next(tx: TenantTx, threadId: string): Promise<OutgoingAnswer | undefined> {
    const rows = await tx.query<OutgoingAnswer>(
      `select m.id as "messageId", t.id as "threadId", t.bot_id as "botId", t.buyer_id as "buyerId", m.text, p.title,
         m.file_kind as "fileKind", m.file_id as "fileId", m.upload_id as "uploadId",
         p.id as "productId", y.language_code as "languageCode"
       from support_messages m
       join support_threads t on t.tenant_id = m.tenant_id and t.id = m.thread_id
       join buyers y on y.tenant_id = t.tenant_id and y.bot_id = t.bot_id and y.telegram_id = t.buyer_id
       left join orders o on o.tenant_id = t.tenant_id and o.id = t.order_id
       left join products p on p.tenant_id = o.tenant_id and p.id = o.product_id
       where m.tenant_id = $1 and m.thread_id = $2 and m.delivery = 'waiting' order by m.id limit 1`,
      [tx.tenantId, threadId],
    );
    return rows[0];
  }

  /** Requeues replies that could not reach the buyer because the bot was blocked. @returns their number */
  async retryUnreachable(tx: TenantTx, botId: string, buyerId: number): Promise<number> {
    const rows = await tx.query<{ threadId: string }>(
      `update support_messages m set delivery = 'waiting', delivery_error = null
       from support_threads t where t.tenant_id = $1 and t.bot_id = $2 and t.buyer_id = $3
         and m.tenant_id = $1 and m.thread_id = t.id and m.delivery = 'unreachable' returning t.id as "threadId"`,
      [tx.tenantId, botId, buyerId],
    );
    const threads = [...new Set(rows.map((row) => row.threadId))];
    await this.jobs.enqueue(
      tx,
      threads.map((subject) => ({ kind: 'support.send', subject })),
    );
    return rows.length;
  }

  /**
   * Records the result of sending a reply, once; tells its author if it did not arrive. Queues the thread's next reply,
   * if any.
   */
  async record(tx: TenantTx, answer: OutgoingAnswer, result: AnswerResult, now: Date): Promise<void> {
    const sent = result.kind === 'sent' ? result.telegramMessageId : null;
    const fileId = result.kind === 'sent' ? (result.fileId ?? null) : null;
    const error = result.kind === 'sent' ? null : clip(result.error, 500);
    const changed = await tx.query(
      `update support_messages set delivery = $3, telegram_message_id = $4, delivery_error = $5, sent_at = $6,
         file_id = coalesce($7, file_id)
       where tenant_id = $1 and id = $2 and delivery = 'waiting' returning 1`,
      [tx.tenantId, answer.messageId, result.kind, sent, error, sent === null ? null : now, fileId],
    );
    if (result.kind !== 'sent' && error !== null && changed.length > 0) {
      const data = failedView(answer, result.kind, error);
      await this.events.record(tx, { type: 'support.message_failed', botId: answer.botId, data });
    }
    const next = await this.next(tx, answer.threadId);
    if (next !== undefined) await this.jobs.enqueue(tx, [{ kind: 'support.send', subject: answer.threadId }]);
  }
}
