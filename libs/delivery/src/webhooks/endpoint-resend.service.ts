import { Injectable } from '@nestjs/common';
import { Database, type TenantTx } from '#libs/database';
import { EventStore, type EventType, JobStore, type NewEvent } from '#libs/journal';
import { DAY, NotFound, newUuid, newUuidBeside } from '#libs/kernel';
import { TenantStore } from '#libs/tenants';
import type { EndpointRow } from './endpoint.entity.js';
import { EndpointDisabled } from './endpoint.js';
import { EndpointStore } from './endpoint.store.js';
import { endpointView } from './endpoint-view.js';
import { webhookJob } from './webhooks.service.js';

/** Maximum number of deliveries per request. */
export const RESEND_AT_ONCE = 1_000;

/**
 * `failed`: deliveries that were given up. `missing`: events that match the endpoint and never got a delivery, because
 * it was disabled, filtered differently, or did not exist yet.
 */
export type ResendMode = 'failed' | 'missing';

export interface Resent {
  /** Number of deliveries that are now pending. */
  readonly resent: number;
  /** True when there may be more: call again. */
  readonly more: boolean;
}

/** Sends events again, or for the first time if they are missing. Ids stay the same; signatures are new. */
@Injectable()
export class EndpointResend {
  constructor(
    private readonly db: Database,
    private readonly tenants: TenantStore,
    private readonly endpoints: EndpointStore,
    private readonly events: EventStore,
    private readonly jobs: JobStore,
  ) {}

  /** Resends one delivery in any state. @throws NotFound, EndpointDisabled, TenantRestricted */
  one(tenantId: string, endpointId: string, deliveryId: string): Promise<void> {
    return this.toEndpoint(tenantId, endpointId, async (tx, endpoint) => {
      const rows = await renew(tx, endpoint.id, 'd.id = $3', [deliveryId]);
      if (rows.length === 0) throw new NotFound('delivery');
      await this.send(tx, endpoint, rows);
    });
  }

  /**
   * Resends deliveries, oldest first, at most {@link RESEND_AT_ONCE}. @throws NotFound, EndpointDisabled,
   * TenantRestricted
   */
  all(tenantId: string, endpointId: string, mode: ResendMode, since: Date): Promise<Resent> {
    return this.toEndpoint(tenantId, endpointId, async (tx, endpoint) => {
      const rows =
        mode === 'failed' ? await renewFailed(tx, endpoint.id, since) : await makeMissing(tx, endpoint, since);
      await this.send(tx, endpoint, rows);
      return { resent: rows.length, more: rows.length === RESEND_AT_ONCE };
    });
  }

  /**
   * Resends one event to one endpoint regardless of its filter, or to all subscribed endpoints that are not disabled.
   * @returns the number of pending deliveries
   * @throws NotFound, EndpointDisabled, TenantRestricted
   */
  async event(tenantId: string, eventId: string, endpointId?: string): Promise<number> {
    const ids = await this.db.inTenant(tenantId, async (tx) => {
      const { type } = await this.events.get(tx, eventId);
      if (endpointId !== undefined) return [endpointId];
      return (await subscribedEndpoints(tx, type)).map((endpoint) => endpoint.id);
    });
    for (const id of ids) {
      await this.toEndpoint(tenantId, id, async (tx, endpoint) => {
        await makeDeliveries(tx, endpoint.id, [eventId]);
        await this.send(tx, endpoint, await renew(tx, endpoint.id, 'd.event_id = $3', [eventId]));
      });
    }
    return ids.length;
  }

  /** Sends an `endpoint.test` to this endpoint only, regardless of its filter. @returns the event's id */
  test(tenantId: string, endpointId: string): Promise<string> {
    return this.toEndpoint(tenantId, endpointId, async (tx, endpoint) => {
      const id = await this.events.recordRelayed(tx, { type: 'endpoint.test', data: endpointView(endpoint) });
      await this.send(tx, endpoint, await makeDeliveries(tx, endpoint.id, [id]));
      return id;
    });
  }

  /**
   * Sends a made-up event to every subscribed endpoint that is not disabled. It has no other effects.
   * @returns the event's id, and the number of pending deliveries
   * @throws TenantRestricted
   */
  async trigger(tenantId: string, event: NewEvent): Promise<{ readonly id: string; readonly count: number }> {
    return this.db.inTenant(tenantId, async (tx) => {
      await this.tenants.require(tx, 'webhooks');
      const [eventId, endpoints] = [
        await this.events.recordRelayed(tx, event),
        await subscribedEndpoints(tx, event.type),
      ];
      for (const endpoint of endpoints) await this.send(tx, endpoint, await makeDeliveries(tx, endpoint.id, [eventId]));
      return { id: eventId, count: endpoints.length };
    });
  }

  private async toEndpoint<T>(
    tenantId: string,
    endpointId: string,
    work: (tx: TenantTx, endpoint: EndpointRow) => Promise<T>,
  ): Promise<T> {
    return this.db.inTenant(tenantId, async (tx) => {
      await this.tenants.require(tx, 'webhooks');
      const endpoint = await this.endpoints.lock(tx, endpointId);
      if (endpoint.state === 'disabled') throw new EndpointDisabled();
      return work(tx, endpoint);
    });
  }

  /** Enqueues deliveries. Those of a paused endpoint wait until it is enabled. */
  private async send(
    tx: TenantTx,
    endpoint: Parameters<typeof webhookJob>[0],
    rows: readonly { readonly id: string }[],
  ): Promise<void> {
    await this.jobs.enqueue(
      tx,
      rows.map((row) => webhookJob(endpoint, row.id)),
    );
  }
}

/** Endpoints that are subscribed to a type of event and not disabled, oldest first. */
const subscribedEndpoints = (tx: TenantTx, type: EventType) =>
  tx.query<{ readonly id: string; readonly slow: boolean }>(
    `select id, slow from endpoints where tenant_id = $1 and state <> 'disabled'
       and (event_types = '{}' or $2 = any(event_types)) order by id`,
    [tx.tenantId, type],
  );

type Id = { readonly id: string };

/**
 * Makes deliveries pending, in a new round unless they still are.
 * @param which a condition on `d`, with parameters from $3 on
 */
function renew(tx: TenantTx, endpointId: string, which: string, parameters: readonly unknown[]): Promise<Id[]> {
  return tx.query<Id>(
    `update webhook_deliveries d set state = 'pending', next_attempt_at = now(),
       round = case when d.state = 'pending' then d.round else d.round + 1 end
     where d.tenant_id = $1 and d.endpoint_id = $2 and ${which} returning d.id`,
    [tx.tenantId, endpointId, ...parameters],
  );
}

const renewFailed = (tx: TenantTx, endpointId: string, since: Date) =>
  renew(
    tx,
    endpointId,
    `d.id = any(array(
       select f.id from webhook_deliveries f join events e on e.tenant_id = f.tenant_id and e.id = f.event_id
       where f.tenant_id = $1 and f.endpoint_id = $2 and f.state = 'failed' and e.created_at >= $3
       order by f.id limit $4))`,
    [since, RESEND_AT_ONCE],
  );

async function makeMissing(tx: TenantTx, endpoint: EndpointRow, since: Date): Promise<Id[]> {
  // Events that wait for the relay are not missing, and test events had a single recipient. Ids sort by time, except
  // for differences between clocks.
  const missing = await tx.query<Id>(
    `select e.id from events e
     where e.tenant_id = $1 and e.created_at >= $3 and e.id >= $6 and e.relayed_at is not null and e.type <> 'endpoint.test'
       and ($4::text[] = '{}' or e.type = any($4))
       and not exists (select from webhook_deliveries d
                       where d.tenant_id = e.tenant_id and d.endpoint_id = $2 and d.event_id = e.id)
     order by e.id limit $5`,
    [tx.tenantId, endpoint.id, since, endpoint.eventTypes, RESEND_AT_ONCE, newUuid(since.getTime() - DAY)],
  );
  return makeDeliveries(
    tx,
    endpoint.id,
    missing.map((event) => event.id),
  );
}

/** @returns the new ones */
function makeDeliveries(tx: TenantTx, endpointId: string, eventIds: readonly string[]): Promise<Id[]> {
  return tx.query<Id>(
    `insert into webhook_deliveries (tenant_id, id, endpoint_id, event_id, next_attempt_at)
     select $1, n.id, $2, n.event_id, now() from unnest($3::uuid[], $4::uuid[]) as n (id, event_id)
     on conflict do nothing returning id`,
    [tx.tenantId, endpointId, eventIds.map(newUuidBeside), eventIds],
  );
}
