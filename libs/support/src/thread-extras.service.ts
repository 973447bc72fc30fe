import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { columnsOf, type TenantTx } from '#libs/database';
import { BuyerRow } from '#libs/sales';
import { SupportMessageRow } from './support-message.entity.js';
import type { SupportThreadRow } from './support-thread.entity.js';

export const THREAD_EXPANSIONS = ['buyer', 'last_message'] as const;
export type ThreadExpansion = (typeof THREAD_EXPANSIONS)[number];

/** Related objects of a thread that were requested. Others are undefined. */
export interface ThreadExtras {
  readonly buyer: BuyerRow | undefined;
  readonly lastMessage: SupportMessageRow | undefined;
}

/** Related objects of a thread, for the inbox. */
@Injectable()
export class ThreadExtrasService {
  /** In the order of the threads: one statement for each kind, however many threads there are. */
  async of(
    tx: TenantTx,
    threads: readonly SupportThreadRow[],
    wanted: readonly ThreadExpansion[],
  ): Promise<readonly ThreadExtras[]> {
    const { tenantId } = tx;
    const wants = (kind: ThreadExpansion) => wanted.includes(kind) && threads.length > 0;
    const [buyers, messages] = await Promise.all([
      wants('buyer')
        ? tx.manager.findBy(BuyerRow, {
            tenantId,
            botId: In([...new Set(threads.map(({ botId }) => botId))]),
            telegramId: In([...new Set(threads.map(({ buyerId }) => buyerId))]),
          })
        : [],
      wants('last_message') ? lastMessages(tx, threads) : [],
    ]);
    const buyerOf = new Map(buyers.map((buyer) => [`${buyer.botId} ${buyer.telegramId}`, buyer]));
    const messageOf = new Map(messages.map((message) => [message.threadId, message]));
    return threads.map((thread) => ({
      buyer: buyerOf.get(`${thread.botId} ${thread.buyerId}`),
      lastMessage: messageOf.get(thread.id),
    }));
  }
}

const lastMessages = (tx: TenantTx, threads: readonly SupportThreadRow[]) =>
  tx.query<SupportMessageRow>(
    `select ${columnsOf(SupportMessageRow, 'm')} from unnest($2::uuid[]) as t (id)
     cross join lateral (
       select * from support_messages m where m.tenant_id = $1 and m.thread_id = t.id order by m.id desc limit 1
     ) m`,
    [tx.tenantId, threads.map(({ id }) => id)],
  );
