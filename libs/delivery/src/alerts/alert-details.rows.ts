import type { TenantTx } from '#libs/database';
import type { RecordedEvent } from '#libs/journal';
import { parseId } from '#libs/kernel';
import type { AlertDetails } from './alert.js';

/** The location of a buyer's message in Telegram. */
interface Place {
  readonly botId: string;
  readonly buyerId: number;
  readonly messageId: number;
}

/** Returns the facts for an alert; undefined for an event about something else, or whose subject was deleted. */
export async function detailsOf(
  tx: TenantTx,
  { type, data }: RecordedEvent,
): Promise<(AlertDetails & Partial<Place>) | undefined> {
  const about = SUBJECTS.find(({ prefix }) => type.startsWith(prefix));
  const id = about && parseId(about.kind, String(data['id']));
  if (about === undefined || id === undefined) return undefined;
  const [details] = await tx.query<AlertDetails & Partial<Place>>(about.sql, [tx.tenantId, id]);
  return details;
}

/**
 * True if another order has already reported this outage, or still suffers from it: an outage is reported only with its
 * first refused order and at its end.
 */
export async function isKnownTrouble(tx: TenantTx, { type, orderId }: RecordedEvent): Promise<boolean> {
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

/** The subject of an event, by the prefix of its type. */
const SUBJECTS = [
  { prefix: 'order.', kind: 'order', sql: OF_ORDER },
  { prefix: 'support.', kind: 'supportMessage', sql: OF_MESSAGE },
  { prefix: 'chat_access.', kind: 'chatAccess', sql: OF_ACCESS },
  { prefix: 'refund.', kind: 'refund', sql: OF_REFUND },
] as const;
