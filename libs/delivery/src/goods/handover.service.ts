import { Injectable } from '@nestjs/common';
import { BuyerKeptOut, ChatClosed } from '#libs/chats';
import { Database, type TenantTx } from '#libs/database';
import { newUuid } from '#libs/kernel';
import { redact } from '#libs/runtime';
import { judge, TelegramRefused, TelegramUnreachable } from '#libs/telegram';
import { GoodsSender } from './goods.sender.js';
import { HandoverAttemptRow } from './handover-attempt.entity.js';
import type { Handover, HandoverOutcome } from './handover.js';

/** How an attempt with no usable token is kept: it is tried again when there is a new one. */
const ROW_OUTCOME = {
  delivered: 'delivered',
  retry: 'retry',
  token_invalid: 'retry',
  unreachable: 'unreachable',
  failed: 'failed',
} as const satisfies Record<HandoverOutcome['kind'], HandoverAttemptRow['outcome']>;

/** Hands over what was bought, and keeps one row per try. The order itself is the business of sales. */
@Injectable()
export class HandoverService {
  constructor(
    private readonly db: Database,
    private readonly sender: GoodsSender,
  ) {}

  /**
   * Sends the goods, then the receipt, unless that went out before. Safe to repeat: goods that went out are not sent again when only the receipt is missing.
   * Only an answer that got lost leads to a second copy. What Telegram says is an outcome; what is thrown is a bug or the
   * database.
   */
  async handOver(order: Handover): Promise<HandoverOutcome> {
    const { tenantId, orderId, round } = order;
    const earlier = await this.db.inTenant(tenantId, (tx) => this.sentMessage(tx, orderId, round));
    const goods = earlier === undefined ? await outcomeOf(() => this.sender.send(order)) : delivered(earlier);
    const outcome = goods.kind === 'delivered' ? await this.finish(order, goods.messageId) : goods;
    const messageId = goods.kind === 'delivered' ? (goods.messageId ?? null) : null;
    await this.db.confirm(tenantId, (tx) =>
      tx.manager.insert(HandoverAttemptRow, {
        tenantId,
        id: newUuid(),
        orderId,
        round,
        outcome: ROW_OUTCOME[outcome.kind],
        messageId,
        error: 'error' in outcome ? outcome.error : null,
      }),
    );
    return outcome;
  }

  /** Sends the receipt of an order whose goods are not there yet. Only an answer that got lost leads to a second one. */
  sendReceipt(order: Handover): Promise<HandoverOutcome> {
    return outcomeOf(() => this.sender.sendReceipt(order).then(() => undefined));
  }

  /** The message in which the goods went out, in this or an earlier try of the round; undefined when none did. */
  async sentMessage(tx: TenantTx, orderId: string, round: number): Promise<number | undefined> {
    const rows = await tx.query<{ messageId: number }>(
      `select message_id as "messageId" from handover_attempts
       where tenant_id = $1 and order_id = $2 and round = $3 and message_id is not null order by id limit 1`,
      [tx.tenantId, orderId, round],
    );
    return rows[0]?.messageId;
  }

  /** The buyer has the goods. A receipt is worth another try, but never makes the sale a failure. */
  private async finish(order: Handover, messageId: number | undefined): Promise<HandoverOutcome> {
    const hasReceipt = order.round === 1 && order.receiptAt !== undefined && order.receiptAt !== null;
    const sent = hasReceipt ? undefined : await this.sendReceipt(order);
    return sent?.kind === 'retry' ? { ...sent, onlyReceipt: true } : delivered(messageId);
  }
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
