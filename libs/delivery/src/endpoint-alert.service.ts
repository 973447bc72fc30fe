import { Injectable } from '@nestjs/common';
import type { TenantTx } from '#libs/database';
import { EventStore } from '#libs/journal';
import { NotFound } from '#libs/kernel';
import { AlertChatRow } from './endpoint.entity.js';
import { AlertChatUnknown, alertText } from './endpoint-alert.js';

export interface Alert {
  readonly botId: string;
  readonly telegramId: number;
  readonly text: string;
}

/** Warnings to a creator, in a chat with one of their own bots. */
@Injectable()
export class AlertService {
  constructor(private readonly events: EventStore) {}

  /** @throws NotFound when none is set */
  async chat(tx: TenantTx): Promise<AlertChatRow> {
    const chat = await tx.manager.findOneBy(AlertChatRow, { tenantId: tx.tenantId });
    if (chat === null) throw new NotFound('alert chat');
    return chat;
  }

  /**
   * Takes the place of the one before.
   * @throws AlertChatUnknown unless that person has started that bot and the bot may still write to them
   */
  async setChat(tx: TenantTx, botId: string, telegramId: number): Promise<AlertChatRow> {
    const rows = await tx.query(
      `insert into alert_chats (tenant_id, bot_id, telegram_id)
       select u.tenant_id, u.bot_id, u.telegram_id
       from buyers u join bots b on b.tenant_id = u.tenant_id and b.id = u.bot_id and b.state not in ('registering', 'removed')
       where u.tenant_id = $1 and u.bot_id = $2 and u.telegram_id = $3 and u.reachable
       on conflict (tenant_id) do update
         set bot_id = excluded.bot_id, telegram_id = excluded.telegram_id, created_at = now()
       returning 1`,
      [tx.tenantId, botId, telegramId],
    );
    if (rows.length === 0) throw new AlertChatUnknown();
    return this.chat(tx);
  }

  /** Nobody is warned any more. Done twice it is done once. */
  async removeChat(tx: TenantTx): Promise<void> {
    await tx.manager.delete(AlertChatRow, { tenantId: tx.tenantId });
  }

  /** What to write to whom because of an event; undefined when there is nobody to tell, or the event is forgotten. */
  async about(tx: TenantTx, eventId: string): Promise<Alert | undefined> {
    const chat = await tx.manager.findOneBy(AlertChatRow, { tenantId: tx.tenantId });
    if (chat === null) return undefined;
    try {
      const { type, data } = await this.events.get(tx, eventId);
      return { botId: chat.botId, telegramId: chat.telegramId, text: alertText(type, data) };
    } catch (error) {
      if (error instanceof NotFound) return undefined;
      throw error;
    }
  }
}
