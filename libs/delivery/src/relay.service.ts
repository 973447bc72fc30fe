import { Injectable, Logger } from '@nestjs/common';
import { isInMenu } from '#libs/catalog';
import { Database, type PlatformTx } from '#libs/database';
import {
  alertJobs,
  EventStore,
  type EventType,
  JobStore,
  type Hastened,
  type NewJob,
  type StoredEvent,
} from '#libs/journal';
import { newUuidBeside, parseId, publicId } from '#libs/kernel';
import { switchOf } from './alerts/alert.js';
import { isWarning } from './alerts/warning.js';
import { countEvents } from './event-counts.js';
import { webhookJob } from './webhooks/webhooks.service.js';

type Job = NewJob & { readonly tenantId: string };

type FindsHastened = (tx: PlatformTx, events: readonly StoredEvent[]) => Promise<readonly Hastened[]>;
const nothing: FindsHastened = async () => [];

/** Maximum number of events that are relayed at once. */
export const RELAY_BATCH = 200;

/**
 * Takes events from the outbox and creates their consequences: webhooks, alerts, messages about refunds, updates of
 * menus.
 */
@Injectable()
export class RelayService {
  private readonly log = new Logger('Sales');

  constructor(
    private readonly db: Database,
    private readonly events: EventStore,
    private readonly jobs: JobStore,
  ) {}

  /**
   * Relays a batch. Taking the events and writing their consequences is one transaction, so each event is relayed
   * exactly once, however many relays there are and wherever one of them crashes.
   * @param hastened finds jobs that these events make due sooner, for a library that delivery may not import; runs in
   * the same transaction
   * @returns the number of events taken; 0 when none wait
   */
  async relayOnce(hastened: FindsHastened = nothing): Promise<number> {
    const events = await this.db.inPlatform(
      'relay events of all tenants',
      async (tx) => {
        const events = await this.events.take(tx, RELAY_BATCH);
        if (events.length === 0) return events;
        const [alerts, deliveries, sooner] = await Promise.all([
          wantedAlerts(tx, events),
          fanOut(tx, events),
          hastened(tx, events),
        ]);
        const due = [...events.flatMap(jobsOf), ...alerts, ...deliveries];
        await Promise.all([this.jobs.enqueueAll(tx, due), this.jobs.hasten(tx, sooner)]);
        return events;
      },
      'soon',
    );
    countEvents(events);
    for (const event of events) if (event.type in LOGGED) this.log.log(lineFor(event));
    return events.length;
  }
}

/** Log messages about relayed events, without personal data. */
const LOGGED: Readonly<Partial<Record<EventType, string>>> = {
  'order.paid': 'sold',
  'subscription.renewed': 'renewed',
  'order.delivered': 'delivered',
  'order.unlocked': 'delivered',
};

function lineFor({ type, tenantId, orderId, data }: StoredEvent): string {
  const order = orderId === null ? '' : publicId('order', orderId);
  return [LOGGED[type], order, data['bot_id'], publicId('tenant', tenantId)].filter(Boolean).join(' ');
}

/** Returns the jobs that follow from an event. */
function jobsOf({ type, tenantId, id, data }: StoredEvent): Job[] {
  const menu = menuJob({ type, tenantId, data });
  if (menu !== undefined) return [menu];
  // An alert about a failed alert would fail as well.
  const isSaid = isWarning(type) && data['kind'] !== 'alert.send' && data['kind'] !== 'alert.mail';
  const alert: Job[] = isSaid ? alertJobs(id).map((job) => ({ ...job, tenantId })) : [];
  const isToldToBuyer = type === 'refund.succeeded' || type === 'refund.delayed';
  const refundId = isToldToBuyer ? parseId('refund', String(data['id'])) : undefined;
  return refundId === undefined ? alert : [...alert, { tenantId, kind: 'refund.notify', subject: refundId }];
}

/** Returns the alerts about events that have a switch: in Telegram, and by email, where failures are on by default. */
async function wantedAlerts(tx: PlatformTx, events: readonly StoredEvent[]): Promise<Job[]> {
  const told = events.flatMap((event) => {
    const wanted = switchOf(event);
    return wanted === undefined ? [] : [{ tenantId: event.tenantId, id: event.id, wanted }];
  });
  if (told.length === 0) return [];
  return tx.query<Job>(
    `with e as (select * from unnest($1::uuid[], $2::uuid[], $3::text[]) as e (tenant_id, id, wanted))
     select e.tenant_id as "tenantId", e.id as subject, 'alert.send' as kind from e
     join alert_chats a on a.tenant_id = e.tenant_id
       and case e.wanted when 'sales' then a.sales when 'failures' then a.failures else a.support end
     union all
     select e.tenant_id, e.id, 'alert.mail' from e
     where e.wanted = 'failures' or exists (select from mail_alerts m where m.tenant_id = e.tenant_id
       and case e.wanted when 'sales' then m.sales else m.support end)`,
    [told.map((it) => it.tenantId), told.map((it) => it.id), told.map((it) => it.wanted)],
  );
}

/** Returns the job that updates the menu at Telegram, for a created or changed product with a command in it. */
function menuJob({ type, tenantId, data }: Pick<StoredEvent, 'type' | 'tenantId' | 'data'>): Job | undefined {
  if (!type.startsWith('product.') || !isInMenu(data['kind'])) return undefined;
  const subject = parseId('bot', String(data['bot_id']));
  return subject === undefined ? undefined : { tenantId, kind: 'bot.menu', subject };
}

/**
 * Creates one delivery for each event and each endpoint that subscribes to it. Deliveries of paused endpoints are
 * also created, and wait.
 */
async function fanOut(tx: PlatformTx, events: readonly StoredEvent[]): Promise<Job[]> {
  const wanted = await tx.query<{ tenantId: string; eventId: string; endpointId: string; slow: boolean }>(
    `select e.tenant_id as "tenantId", e.id as "eventId", p.id as "endpointId", p.slow
     from unnest($1::uuid[], $2::uuid[], $3::text[]) as e (tenant_id, id, type)
     join endpoints p on p.tenant_id = e.tenant_id and p.state <> 'disabled'
       and (p.event_types = '{}' or e.type = any(p.event_types))
     order by e.id`,
    [events.map((e) => e.tenantId), events.map((e) => e.id), events.map((e) => e.type)],
  );
  if (wanted.length === 0) return [];
  const deliveries = wanted.map((pair) => ({ ...pair, id: newUuidBeside(pair.eventId) }));
  await tx.query(
    `insert into webhook_deliveries (tenant_id, id, endpoint_id, event_id, next_attempt_at)
     select *, now() from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[])`,
    [
      deliveries.map((d) => d.tenantId),
      deliveries.map((d) => d.id),
      deliveries.map((d) => d.endpointId),
      deliveries.map((d) => d.eventId),
    ],
  );
  return deliveries.map(({ tenantId, endpointId, slow, id }) => ({
    ...webhookJob({ id: endpointId, slow }, id),
    tenantId,
  }));
}
