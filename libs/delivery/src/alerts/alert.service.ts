import { Injectable } from '@nestjs/common';
import type { TenantTx } from '#libs/database';
import { EventStore, JobStore, type RecordedEvent } from '#libs/journal';
import { MINUTE, NotFound, parseId } from '#libs/kernel';
import { ROLE_SCOPES, type Role } from '#libs/tenants';
import { type Language, languageOf } from '#libs/texts';
import {
  AlertChatUnknown,
  type AlertChatFacts,
  type AlertDetails,
  ALERTS_A_MINUTE,
  type AlertSwitches,
  alertText,
  answerLine,
  MISSED_AT_MOST,
  switchOf,
} from './alert.js';
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

/** The location of a buyer's message in Telegram. */
interface Place {
  readonly botId: string;
  readonly buyerId: number;
  readonly messageId: number;
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
   * The alert about an event. Undefined when there is no alert chat, the event was deleted, or there were more sales
   * within a minute than the limit.
   */
  async about(tx: TenantTx, eventId: string, now: Date): Promise<Alert | undefined> {
    const chat = await chatOf(tx);
    const event = chat === undefined ? undefined : await this.event(tx, eventId);
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

  private async event(tx: TenantTx, eventId: string): Promise<RecordedEvent | undefined> {
    try {
      return await this.events.get(tx, eventId);
    } catch (error) {
      if (error instanceof NotFound) return undefined;
      throw error;
    }
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

async function detailsOf(
  tx: TenantTx,
  { type, data }: RecordedEvent,
): Promise<(AlertDetails & Partial<Place>) | undefined> {
  const about = SUBJECTS.find(({ prefix }) => type.startsWith(prefix));
  const id = about && parseId(about.kind, String(data['id']));
  if (about === undefined || id === undefined) return undefined;
  const [details] = await tx.query<AlertDetails & Partial<Place>>(about.sql, [tx.tenantId, id]);
  return details;
}

/** An outage is reported twice: with the first refused order, and at its end. */
async function isKnownTrouble(tx: TenantTx, { type, orderId }: RecordedEvent): Promise<boolean> {
  if (type !== 'order.fulfilment_refused' && type !== 'order.fulfilment_recovered') return false;
  const others = await tx.query(
    `select from orders o join fulfilments own on own.tenant_id = o.tenant_id and own.order_id = o.id
     join orders other on other.tenant_id = o.tenant_id and other.product_id = o.product_id and other.id <> o.id
     join fulfilments f on f.tenant_id = other.tenant_id and f.order_id = other.id
     where o.tenant_id = $1 and o.id = $2 and f.refused_since is not null and f.state in ('requested', 'generating')
       and ($3 = 'order.fulfilment_recovered' or (f.refused_since, f.order_id) < (own.refused_since, own.order_id))
     limit 1`,
    [tx.tenantId, orderId, type],
  );
  return others.length > 0;
}

const BUYER = `case when y.username is null then y.first_name else concat_ws(' ', y.first_name, '(@' || y.username || ')') end as buyer`;

const OF_ORDER = `
select b.username as bot, p.title, ${BUYER}, null as text, null as "fileKind"
from orders o join products p on p.tenant_id = o.tenant_id and p.id = o.product_id
join bots b on b.tenant_id = o.tenant_id and b.id = o.bot_id
join buyers y on y.tenant_id = o.tenant_id and y.bot_id = o.bot_id and y.telegram_id = o.buyer_id
where o.tenant_id = $1 and o.id = $2`;

const OF_MESSAGE = `
select b.username as bot, p.title, ${BUYER}, m.text, m.file_kind as "fileKind",
  t.bot_id as "botId", t.buyer_id as "buyerId", m.telegram_message_id as "messageId"
from support_messages m join support_threads t on t.tenant_id = m.tenant_id and t.id = m.thread_id
join bots b on b.tenant_id = t.tenant_id and b.id = t.bot_id
join buyers y on y.tenant_id = t.tenant_id and y.bot_id = t.bot_id and y.telegram_id = t.buyer_id
left join orders o on o.tenant_id = t.tenant_id and o.id = t.order_id
left join products p on p.tenant_id = o.tenant_id and p.id = o.product_id
where m.tenant_id = $1 and m.id = $2`;

const OF_REFUND = `
select b.username as bot, p.title, ${BUYER}, c.stars, null as text, null as "fileKind"
from refunds r join charges c on c.tenant_id = r.tenant_id and c.id = r.charge_id
join bots b on b.tenant_id = c.tenant_id and b.id = c.bot_id
left join buyers y on y.tenant_id = c.tenant_id and y.bot_id = c.bot_id and y.telegram_id = c.buyer_id
left join orders o on o.tenant_id = c.tenant_id and o.id = c.order_id
left join products p on p.tenant_id = o.tenant_id and p.id = o.product_id
where r.tenant_id = $1 and r.id = $2`;

const OF_ACCESS = `
select b.username as bot, c.title, ${BUYER}, null as text, null as "fileKind"
from chat_accesses a join chats c on c.tenant_id = a.tenant_id and c.id = a.chat_id
join bots b on b.tenant_id = a.tenant_id and b.id = a.bot_id
left join buyers y on y.tenant_id = a.tenant_id and y.bot_id = a.bot_id and y.telegram_id = a.buyer_id
where a.tenant_id = $1 and a.id = $2`;

/** The subject of an event, by the beginning of its type. */
const SUBJECTS = [
  { prefix: 'order.', kind: 'order', sql: OF_ORDER },
  { prefix: 'support.', kind: 'supportMessage', sql: OF_MESSAGE },
  { prefix: 'chat_access.', kind: 'chatAccess', sql: OF_ACCESS },
  { prefix: 'refund.', kind: 'refund', sql: OF_REFUND },
] as const;
