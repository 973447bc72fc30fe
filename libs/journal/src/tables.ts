import { ALL, type Room } from '#libs/database';
import { MONEY_LANES } from './inbox.js';
import { JOB_KINDS, JOBS } from './jobs.js';
import { mentions, replaced } from './mentions.js';

/** Returns an SQL condition for the lanes of a person's private chat; the id is SQL. */
const lanes = (id: string) => `lane in (${id}, ${MONEY_LANES} - ${id})`;

/** Returns SQL for an event's data without texts that people wrote about the buyer. */
const cleaned = (what: string) =>
  `case when ${what} is null then null else ${what} || jsonb_strip_nulls(jsonb_build_object(
     'metadata', case when ${what} ? 'metadata' then '{}'::jsonb end,
     'delivered_by_hand', ${what} -> 'delivered_by_hand' || '{"reason": "[erased]"}'
   )) || (case when ${what} ->> 'object' = 'refund' then '{"reason": null}' else '{}' end)::jsonb end`;

/** The kinds of jobs that must end before a workspace closes, as an SQL list. */
const AWAITED = `(${JOB_KINDS.filter((kind) => JOBS[kind].awaited)
  .map((kind) => `'${kind}'`)
  .join(', ')})`;

export const JOURNAL_TABLES: Room = {
  library: 'journal',
  ofTenants: {
    audit_entries: {
      appendOnly: true,
      export: ALL,
      erasure: { keeps: 'append-only; identifies no buyer, and reasons must not contain names' },
    },
    audit_outcome_entries: { appendOnly: true, export: ALL, erasure: { keeps: 'append-only; identifies no buyer' } },
    inbox: {
      export: { without: ['lease', 'lease_until'] },
      erasure: {
        erases: 'body',
        // The row stays: Telegram may send the same update again. A parked update that is only a message is resolved.
        scrub: {
          sql: `update inbox set body = '{}', lane = $3::text::bigint, error = null, state = 'done',
              handled_at = coalesce(handled_at, $4),
              resolution = case when state = 'parked' then 'Erased with its buyer.' else resolution end
            where tenant_id = $1 and state <> 'waiting' and (${lanes('($2::text)::bigint')} or ${mentions('body', '$2')})`,
        },
      },
      holdsErasure: {
        payment: `exists (select from inbox where tenant_id = $1 and ${lanes('$2')} and state = 'parked'
          and kind in ('successful_payment', 'refunded_payment'))`,
        message: `exists (select from inbox where tenant_id = $1 and ${lanes('$2')} and state = 'waiting')`,
      },
      holdsClosing: `exists (select from inbox where tenant_id = $1 and state = 'waiting')`,
      closing: { platform: 'delete from inbox where tenant_id = $1' },
      obliges: {
        update: `select i.update_id::text, i.attempts > 0, null from inbox i
          where i.tenant_id = $1 and i.bot_id = $2 and i.state = 'waiting'`,
      },
      stuck: {
        parked_updates: `
          select tenant_id as "tenantId", bot_id as "botId", update_id::text as subject, kind as detail, error, received_at as since
          from inbox where state = 'parked' and received_at <= $1`,
      },
    },
    events: {
      export: ALL,
      erasure: {
        erases: 'buyer, metadata and reasons in the data',
        by: {
          traces: `update events e set data = ${replaced(`(${cleaned('e.data')})`, 'o.telegram_id', 'o.pseudonym::text')},
            previous = ${replaced(`(${cleaned('e.previous')})`, 'o.telegram_id', 'o.pseudonym::text')}
          from their_orders o where e.tenant_id = $1 and e.order_id = o.id`,
        },
        scrub: {
          sql: `update events set data = ${replaced('data', '$2', '$3')}, previous = ${replaced('previous', '$2', '$3')}
            where tenant_id = $1 and (${mentions('data', '$2')} or ${mentions('previous', '$2')}) returning id`,
        },
      },
      holdsClosing: 'exists (select from events where tenant_id = $1 and relayed_at is null)',
      closing: {
        // Events of orders stay with the orders, without personal data.
        platform: [
          `delete from events where tenant_id = $1 and order_id is null and type <> 'charge.unmatched'`,
          `update events e set data = e.data || jsonb_build_object('buyer_telegram_id', c.buyer_id, 'provider_payment_charge_id', null)
           from all_charges c
           where e.tenant_id = $1 and e.type = 'charge.unmatched' and c.telegram_charge_id = e.data ->> 'telegram_payment_charge_id'`,
        ],
      },
    },
    jobs: {
      export: { nothing: 'our own waiting work' },
      erasure: { keeps: 'only ids of rows, deleted when done' },
      holdsClosing: `exists (select from jobs where tenant_id = $1 and state = 'waiting' and kind in ${AWAITED})`,
      closing: { workspace: 'delete from jobs where tenant_id = $1' },
      problems: {
        jobs_parked: `select j.kind, count(*)::int, min(j.created_at), (array_agg(j.error order by j.created_at desc))[1]
          from jobs j where j.tenant_id = $1 and j.state = 'parked' group by j.kind`,
      },
      stuck: {
        parked_jobs: `
          select tenant_id as "tenantId", null::uuid as "botId", subject::text, kind as detail, error, created_at as since
          from jobs where state = 'parked' and created_at <= $1`,
        overdue_jobs: `
          select tenant_id as "tenantId", null::uuid as "botId", subject::text, kind as detail, error, due_at as since
          from jobs where state = 'waiting' and lease is null and due_at <= $1`,
      },
    },
  },
  ofPlatform: {
    staff_entries: { appendOnly: true },
    staff_outcome_entries: { appendOnly: true },
  },
};
