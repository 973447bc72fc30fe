import { Injectable } from '@nestjs/common';
import type { TenantTx } from '#libs/database';
import { NotFound, publicId } from '#libs/kernel';
import { type StoredEntry, type TimelineEntry, timelineEntry } from './timeline.js';

export interface Timeline {
  /** Oldest first. */
  readonly entries: readonly TimelineEntry[];
  /** True if later ones were left out. */
  readonly truncated: boolean;
}

const MAX_ENTRIES = 1_000;

/** Everything that is recorded about one order, from all tables. */
@Injectable()
export class TimelineService {
  /** At most 1,000 entries, the first ones. @throws NotFound */
  async of(tx: TenantTx, orderId: string): Promise<Timeline> {
    const known = await tx.query(`select 1 from orders where tenant_id = $1 and id = $2`, [tx.tenantId, orderId]);
    if (known.length === 0) throw new NotFound('order');
    const rows = await tx.query<StoredEntry>(TIMELINE, [
      tx.tenantId,
      orderId,
      MAX_ENTRIES + 1,
      publicId('order', orderId),
    ]);
    return { entries: rows.slice(0, MAX_ENTRIES).map(timelineEntry), truncated: rows.length > MAX_ENTRIES };
  }
}

const iso = (time: string) => `to_char(${time} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

// One SELECT for each place with traces of an order: time, kind, and the facts as a JSON object. Texts of buyers and
// bodies of updates are excluded. Events are kept only for a while, so the order's own times replace deleted ones.
const SOURCES: readonly string[] = [
  `select s.at, 'state', jsonb_build_object('state', s.state) from orders o cross join lateral (values
     (o.created_at, 'placed', 'order.placed'), (o.approved_at, 'approved', 'order.approved'),
     (o.unlocked_at, 'unlocked', 'order.unlocked'), (o.paid_at, 'paid', 'order.paid'),
     (o.delivered_at, 'delivered', 'order.delivered'), (o.refunded_at, 'refunded', 'order.refunded')) as s (at, state, type)
   where o.tenant_id = $1 and o.id = $2 and s.at is not null
     and not exists (select from events e where e.tenant_id = $1 and e.order_id = $2 and e.type = s.type)`,

  `select received_at, 'update', jsonb_build_object('update_id', update_id, 'update_kind', kind, 'state', state, 'attempts', attempts,
     'received_at', ${iso('received_at')}, 'handled_at', ${iso('handled_at')}, 'error', error)
   from inbox where tenant_id = $1 and order_id = $2`,
  `select i.received_at, 'update', jsonb_build_object('update_id', i.update_id, 'update_kind', i.kind, 'state', i.state,
     'attempts', i.attempts, 'received_at', ${iso('i.received_at')}, 'handled_at', ${iso('i.handled_at')}, 'error', i.error)
   from orders o join inbox i on i.tenant_id = o.tenant_id and i.bot_id = o.bot_id and i.update_id = o.placed_by_update
   where o.tenant_id = $1 and o.id = $2 and i.order_id is distinct from o.id`,

  // The message itself has a separate line.
  `select created_at, 'event', jsonb_build_object('event_id', id, 'type', type, 'sequence', sequence, 'status', data->'status')
     || jsonb_strip_nulls(jsonb_build_object('reason', case when type like 'refund.%' then data->'failure'
       when type = 'order.fulfilment_refused' then data->'fulfilment'->'last_error'
       when type = 'order.delivery_failed' then data->'delivery_error' end))
   from events where tenant_id = $1 and order_id = $2 and type not like 'support.%'`,

  `select occurred_at, 'charge', jsonb_build_object('charge_id', id, 'telegram_payment_charge_id', telegram_charge_id, 'stars', stars,
     'match', match, 'state', state, 'source', source, 'recorded_at', ${iso('created_at')})
   from charges where tenant_id = $1 and order_id = $2`,

  `select created_at, 'refund', jsonb_build_object('refund_id', id, 'charge_id', charge_id, 'state', state, 'reason', reason,
     'requested_by', requested_by, 'failure', failure, 'updated_at', ${iso('updated_at')})
   from refunds where tenant_id = $1 and order_id = $2`,

  // It has the same payload for Telegram as the order.
  `select s.created_at, 'stray_payment', jsonb_build_object('stray_payment_id', s.id, 'reported', s.kind, 'reason', s.reason,
     'telegram_payment_charge_id', s.telegram_charge_id, 'currency', s.currency, 'amount', s.amount)
   from orders o join stray_payments s on s.tenant_id = o.tenant_id and s.bot_id = o.bot_id and s.payload = $4
   where o.tenant_id = $1 and o.id = $2`,

  `select created_at, 'handover_attempt', jsonb_build_object('outcome', outcome, 'round', round, 'telegram_message_id', message_id,
     'error', error)
   from handover_attempts where tenant_id = $1 and order_id = $2`,

  `select created_at, 'manual_delivery', jsonb_build_object('mode', mode, 'reason', reason, 'by', account_id)
   from manual_deliveries where tenant_id = $1 and order_id = $2`,

  `select d.created_at, 'webhook_delivery', jsonb_build_object('delivery_id', d.id, 'endpoint_id', d.endpoint_id, 'event_id', d.event_id,
     'type', e.type, 'state', d.state, 'attempts', d.attempts)
   from events e join webhook_deliveries d on d.tenant_id = e.tenant_id and d.event_id = e.id
   where e.tenant_id = $1 and e.order_id = $2`,

  `select a.created_at, 'webhook_attempt', jsonb_build_object('delivery_id', a.delivery_id, 'number', a.number, 'ok', a.ok,
     'status', a.status, 'error', a.error, 'duration_ms', a.duration_ms)
   from events e join webhook_deliveries d on d.tenant_id = e.tenant_id and d.event_id = e.id
   join webhook_attempts a on a.tenant_id = d.tenant_id and a.delivery_id = d.id
   where e.tenant_id = $1 and e.order_id = $2`,

  `select m.created_at, 'support_message', jsonb_build_object('thread_id', m.thread_id, 'message_id', m.id, 'direction', m.direction,
     'delivery_state', m.delivery, 'sent_at', ${iso('m.sent_at')})
   from support_threads t join support_messages m on m.tenant_id = t.tenant_id and m.thread_id = t.id
   where t.tenant_id = $1 and t.order_id = $2`,
];

// A stable order of entries with the same time from one source.
const WITHIN = `(facts->>'sequence')::int, (facts->>'number')::int, facts::text`;

// At the same time, causes come first in the list of sources.
const TIMELINE = `select at, kind, facts from (${SOURCES.map(
  (source, rank) =>
    `(select s.*, ${rank} as rank from (${source}) as s (at, kind, facts) order by s.at, ${WITHIN} limit $3)`,
).join(' union all ')}) all_of_it order by at, rank, ${WITHIN} limit $3`;
