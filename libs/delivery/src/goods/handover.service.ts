import { Injectable } from '@nestjs/common';
import { BuyerKeptOut, ChatClosed } from '#libs/chats';
import type { TenantTx } from '#libs/database';
import { newUuid } from '#libs/kernel';
import { redact } from '#libs/runtime';
import { judge, TelegramRefused, TelegramUnreachable } from '#libs/telegram';
import { GoodsSender } from './goods.sender.js';
import type { HandoverAttemptRow } from './handover-attempt.entity.js';
import type { Handover, HandoverOutcome } from './handover.js';

/** The stored outcome for each result. Without a working token, an attempt is retried when there is a new one. */
const ROW_OUTCOME = {
  delivered: 'delivered',
  retry: 'retry',
  token_invalid: 'retry',
  unreachable: 'unreachable',
  failed: 'failed',
} as const satisfies Record<HandoverOutcome['kind'], HandoverAttemptRow['outcome']>;

/** One attempt that has not been stored yet. */
export interface Attempt {
  readonly outcome: HandoverOutcome;
  /** Stores the attempt. Must be called whatever its outcome, or the goods may be sent twice. Idempotent. */
  readonly keep: (tx: TenantTx) => Promise<void>;
}

/** Delivers purchases, and stores one row per attempt. The order itself belongs to the library `sales`. */
@Injectable()
export class HandoverService {
  constructor(private readonly sender: GoodsSender) {}

  /**
   * Sends the goods, then the receipt, unless it was sent before. Repeatable: goods that were sent are not sent again
   * if only the receipt is missing. Only a lost response leads to a second copy. Telegram's errors become outcomes;
   * exceptions are bugs or database failures.
   */
  async handOver(order: Handover, earlier: number | undefined): Promise<Attempt> {
    const goods = earlier === undefined ? await outcomeOf(() => this.sender.send(order)) : delivered(earlier);
    const outcome = goods.kind === 'delivered' ? await this.finish(order, goods.messageId) : goods;
    const messageId = goods.kind === 'delivered' ? (goods.messageId ?? null) : null;
    const { orderId, round } = order;
    const error = 'error' in outcome ? outcome.error : null;
    const row = { id: newUuid(), orderId, round, outcome: ROW_OUTCOME[outcome.kind], messageId, error };
    return { outcome, keep: (tx) => keep(tx, row) };
  }

  /** Sends the receipt of an order whose goods are not available yet. Only a lost response leads to a second one. */
  sendReceipt(order: Handover): Promise<HandoverOutcome> {
    return outcomeOf(() => this.sender.sendReceipt(order).then(() => undefined));
  }

  /** Returns the messages in which the goods of an order were sent, by round. */
  async sentMessages(tx: TenantTx, orderId: string): Promise<ReadonlyMap<number, number>> {
    const rows = await tx.query<{ round: number; messageId: number }>(
      `select distinct on (round) round, message_id as "messageId" from handover_attempts
       where tenant_id = $1 and order_id = $2 and message_id is not null order by round, id`,
      [tx.tenantId, orderId],
    );
    return new Map(rows.map(({ round, messageId }) => [round, messageId]));
  }

  /**
   * Sends the receipt once the buyer has the goods. A missing receipt is retried, but never makes the delivery fail.
   */
  private async finish(order: Handover, messageId: number | undefined): Promise<HandoverOutcome> {
    const hasReceipt = order.round === 1 && order.receiptAt !== undefined && order.receiptAt !== null;
    const sent = hasReceipt ? undefined : await this.sendReceipt(order);
    return sent?.kind === 'retry' ? { ...sent, onlyReceipt: true } : delivered(messageId);
  }
}

async function keep(tx: TenantTx, row: Omit<HandoverAttemptRow, 'tenantId' | 'createdAt'>): Promise<void> {
  await tx.query(
    `insert into handover_attempts (tenant_id, id, order_id, round, outcome, message_id, error) values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (tenant_id, id) do nothing`,
    [tx.tenantId, row.id, row.orderId, row.round, row.outcome, row.messageId, row.error],
  );
}

const delivered = (messageId: number | undefined): HandoverOutcome => ({ kind: 'delivered', messageId });

async function outcomeOf(send: () => Promise<number | undefined>): Promise<HandoverOutcome> {
  try {
    return delivered(await send());
  } catch (error) {
    if (error instanceof ChatClosed) return { kind: 'retry', error: redact(error.message) };
    if (error instanceof BuyerKeptOut) return { kind: 'failed', error: error.message };
    if (!(error instanceof TelegramRefused) && !(error instanceof TelegramUnreachable)) throw error;
    const said = redact(error.message);
    const verdict = judge(error);
    switch (verdict.kind) {
      case 'retry':
        return { kind: 'retry', afterMs: verdict.afterMs, error: said };
      case 'unknown':
        return { kind: 'retry', error: said };
      case 'unreachable':
      case 'token_invalid':
        return { kind: verdict.kind, error: said };
      case 'refused':
        return { kind: 'failed', error: said };
    }
  }
}
