import { Injectable } from '@nestjs/common';
import type { TenantTx } from '#libs/database';
import { EventStore, JobStore } from '#libs/journal';
import { MINUTE, NotFound } from '#libs/kernel';
import { ROLE_SCOPES, type Role } from '#libs/tenants';
import { type Language, languageOf } from '#libs/texts';
import {
  AlertChatUnknown,
  type AlertChatFacts,
  ALERTS_A_MINUTE,
  type AlertSwitches,
  alertText,
  answerLine,
  MISSED_AT_MOST,
  switchOf,
} from './alert.js';
import { detailsOf, isKnownTrouble } from './alert-details.rows.js';
import { AlertChatRow } from './alert-chat.entity.js';
import { alertsView } from './alerts-view.js';

export interface Alert {
  readonly botId: string;
  readonly telegramId: number;
  readonly language: Language;
  readonly text: string;
  /** False when the bot cannot write to them, because they have blocked it. */
  readonly reachable: boolean;
  /** The order that it is about; undefined for an alert about something else. */
  readonly orderId?: string | undefined;
  /** The buyer's message, to be copied after the text; undefined when the alert bot cannot see it. */
  readonly copy?: { readonly fromChatId: number; readonly messageId: number; readonly caption: string } | undefined;
}

export interface AlertChat extends AlertSwitches {
  readonly botId: string;
  readonly telegramId: number;
  /** The author of answers from this chat. */
  readonly accountId: string;
}

/** Alerts to a creator in a chat with one of their own bots, and the authors of answers from there. */
@Injectable()
export class AlertService {
  constructor(
    private readonly events: EventStore,
    private readonly jobs: JobStore,
  ) {}

  /** @throws NotFound when none is set */
  async chat(tx: TenantTx): Promise<AlertChatFacts> {
    const chat = await chatOf(tx);
    if (chat === undefined) throw new NotFound('alert chat');
    return chat;
  }

  /**
   * Stores an alert whose recipient cannot be reached: missed alerts are kept until they can be, at most the 20
   * newest, without sales. The first missed alert is reported to the creator's server.
   */
  async miss(tx: TenantTx, eventId: string): Promise<void> {
    const missed = await tx.query<{ missed: number }>(
      `update alert_chats set missed = (array_remove(missed, $2::uuid) || $2::uuid)[greatest(1, cardinality(missed) + 2 - $3):]
       where tenant_id = $1
         and exists (select from events e where e.tenant_id = $1 and e.id = $2 and e.type <> 'order.paid')
       returning cardinality(missed) as missed`,
      [tx.tenantId, eventId, MISSED_AT_MOST],
    );
    if (missed[0]?.missed !== 1) return;
    const chat = await this.chat(tx);
    await this.events.record(tx, { type: 'alerts.unreachable', data: alertsView(chat) });
  }

  /** Sends missed alerts once the person can be reached again. @returns their number */
  async retryMissed(tx: TenantTx, botId: string, telegramId: number): Promise<number> {
    const rows = await tx.query<{ missed: string[] }>(
      `with former as (
         select tenant_id, missed from alert_chats
         where tenant_id = $1 and bot_id = $2 and telegram_id = $3 and missed <> '{}' for no key update
       )
       update alert_chats a set missed = '{}' from former where a.tenant_id = former.tenant_id
       returning former.missed`,
      [tx.tenantId, botId, telegramId],
    );
    const missed = rows.flatMap((row) => row.missed);
    await this.jobs.enqueue(
      tx,
      missed.map((subject) => ({ kind: 'alert.send', subject })),
    );
    return missed.length;
  }

  /**
   * Replaces the previous chat with all its switches, and takes over its missed alerts.
   * @throws AlertChatUnknown unless that person has started that bot and the bot may still write to them
   */
  async setChat(tx: TenantTx, wanted: AlertChat): Promise<AlertChatFacts> {
    const { botId, telegramId, accountId, sales, failures, support } = wanted;
    const rows = await tx.query(
      `insert into alert_chats (tenant_id, bot_id, telegram_id, account_id, sales, failures, support)
       select u.tenant_id, u.bot_id, u.telegram_id, $4::uuid, $5::boolean, $6::boolean, $7::boolean
       from buyers u join bots b on b.tenant_id = u.tenant_id and b.id = u.bot_id and b.state not in ('registering', 'removing', 'removed')
       where u.tenant_id = $1 and u.bot_id = $2 and u.telegram_id = $3 and u.reachable
       on conflict (tenant_id) do update
         set bot_id = excluded.bot_id, telegram_id = excluded.telegram_id, account_id = excluded.account_id, sales = excluded.sales,
           failures = excluded.failures, support = excluded.support, created_at = now()
       returning 1`,
      [tx.tenantId, botId, telegramId, accountId, sales, failures, support],
    );
    if (rows.length === 0) throw new AlertChatUnknown();
    await this.retryMissed(tx, botId, telegramId);
    return this.chat(tx);
  }

  /** Sets the chat unless there is one. @throws AlertChatUnknown */
  async setFirstChat(tx: TenantTx, wanted: AlertChat): Promise<void> {
    if ((await chatOf(tx)) === undefined) await this.setChat(tx, wanted);
  }

  /** Stops alerts. Idempotent. */
  async removeChat(tx: TenantTx): Promise<void> {
    await tx.manager.delete(AlertChatRow, { tenantId: tx.tenantId });
  }

  /**
   * Returns the alert about an event. Undefined when none is due: there is no alert chat or its switch is off, the
   * event or its subject was deleted, the outage has already been reported, or there were more than {@link
   * ALERTS_A_MINUTE} alerts within a minute, which does not hold back buyers' questions.
   */
  async about(tx: TenantTx, eventId: string, now: Date): Promise<Alert | undefined> {
    const chat = await chatOf(tx);
    const event = chat === undefined ? undefined : await this.events.find(tx, eventId);
    if (chat === undefined || event === undefined) return undefined;
    const { botId, telegramId, reachable, language } = chat;
    const wanted = switchOf(event);
    if (wanted === undefined) {
      if (await isKnownTrouble(tx, event)) return undefined;
      const text = alertText(language, event.type, event.data, await detailsOf(tx, event));
      return { botId, telegramId, reachable, language, text };
    }
    if (!chat[wanted]) return undefined;
    if ((await countAlert(tx, now)) > ALERTS_A_MINUTE && wanted !== 'support') return undefined;
    const details = await detailsOf(tx, event);
    if (details === undefined) return undefined;
    const text = alertText(language, event.type, event.data, details);
    const isOurs = details.fileKind !== null && details.botId === botId && details.messageId !== undefined;
    const copy = isOurs
      ? {
          fromChatId: details.buyerId ?? 0,
          messageId: details.messageId ?? 0,
          caption: answerLine(language, event.data),
        }
      : undefined;
    return { botId, telegramId, reachable, language, text, copy, orderId: event.orderId ?? undefined };
  }

  /** The author of answers from this chat; undefined when answers from there are not allowed. */
  async answererIn(tx: TenantTx, botId: string, telegramId: number): Promise<string | undefined> {
    const rows = await tx.query<{ accountId: string; role: Role }>(
      `select a.account_id as "accountId", m.role from alert_chats a
       join memberships m on m.tenant_id = a.tenant_id and m.account_id = a.account_id
       where a.tenant_id = $1 and a.bot_id = $2 and a.telegram_id = $3`,
      [tx.tenantId, botId, telegramId],
    );
    const [who] = rows;
    return who !== undefined && ROLE_SCOPES[who.role].includes('support:write') ? who.accountId : undefined;
  }
}

/**
 * Returns the alert chat. It is unreachable if the person has blocked the bot or deleted their account, or the bot was
 * removed.
 */
async function chatOf(tx: TenantTx): Promise<(AlertChatFacts & { readonly language: Language }) | undefined> {
  const [row] = await tx.query<AlertChatFacts & { languageCode: string | null }>(
    `select a.bot_id as "botId", a.telegram_id as "telegramId", y.language_code as "languageCode", a.sales, a.failures, a.support, a.missed, a.created_at as "createdAt",
       coalesce(y.reachable, false) and b.state <> 'removed' as reachable
     from alert_chats a join bots b on b.tenant_id = a.tenant_id and b.id = a.bot_id
     left join buyers y on y.tenant_id = a.tenant_id and y.bot_id = a.bot_id and y.telegram_id = a.telegram_id
     where a.tenant_id = $1`,
    [tx.tenantId],
  );
  if (row === undefined) return undefined;
  const { languageCode, ...chat } = row;
  return { ...chat, language: languageOf(languageCode) };
}

/** @returns the number of alerts in this minute, including this one */
async function countAlert(tx: TenantTx, now: Date): Promise<number> {
  const rows = await tx.query<{ count: number }>(
    `update alert_chats set minute_count = case when minute_at > $2 then minute_count + 1 else 1 end,
       minute_at = case when minute_at > $2 then minute_at else $3 end
     where tenant_id = $1 returning minute_count as count`,
    [tx.tenantId, new Date(now.getTime() - MINUTE), now],
  );
  return rows[0]?.count ?? 0;
}
