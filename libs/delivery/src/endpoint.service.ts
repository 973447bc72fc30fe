import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { In, LessThan } from 'typeorm';
import { Database, type TenantTx } from '#libs/database';
import { Doorbell, type EventType, JobStore } from '#libs/journal';
import { NotFound, newUuid } from '#libs/kernel';
import { SecretBox } from '#libs/runtime';
import { TenantStore } from '#libs/tenants';
import { EndpointRow } from './endpoint.entity.js';
import { MAX_ENDPOINTS, TooManyEndpoints } from './endpoint.js';
import { Outbound } from './outbound.service.js';
import { SECRET_BYTES, secretOf } from './webhook.js';
import { WebhookAttemptRow, WebhookDeliveryRow } from './webhook-delivery.entity.js';
import { secretPlace } from './webhooks.service.js';

export interface NewEndpoint {
  readonly url: string;
  readonly description?: string | null | undefined;
  /** Empty: all. */
  readonly eventTypes?: readonly EventType[] | undefined;
}

export interface EndpointChange extends Omit<NewEndpoint, 'url'> {
  readonly url?: string | undefined;
  readonly state?: 'enabled' | 'paused' | undefined;
}

export interface DeliveryLog {
  readonly delivery: WebhookDeliveryRow;
  readonly eventType: EventType;
  readonly attempts: readonly WebhookAttemptRow[];
}

/** A creator's endpoints. */
@Injectable()
export class EndpointService {
  constructor(
    private readonly db: Database,
    private readonly tenants: TenantStore,
    private readonly box: SecretBox,
    private readonly outbound: Outbound,
    private readonly jobs: JobStore,
    private readonly bell: Doorbell,
  ) {}

  /**
   * @returns the endpoint and its signing secret, which is never shown again
   * @throws UnsafeAddress, TooManyEndpoints, TenantRestricted
   */
  create(tenantId: string, wish: NewEndpoint): Promise<{ endpoint: EndpointRow; secret: string }> {
    const url = this.outbound.check(wish.url).href;
    const [id, secret] = [newUuid(), secretOf(randomBytes(SECRET_BYTES))];
    return this.db.inTenant(tenantId, async (tx) => {
      await this.tenants.require(tx, 'configure');
      await tx.query(`select pg_advisory_xact_lock(hashtextextended('endpoints ' || $1, 0))`, [tenantId]);
      if ((await tx.manager.countBy(EndpointRow, { tenantId })) >= MAX_ENDPOINTS) throw new TooManyEndpoints();
      await tx.manager.insert(EndpointRow, {
        tenantId,
        id,
        url,
        description: wish.description ?? null,
        eventTypes: unique(wish.eventTypes ?? []),
        secretSealed: this.box.seal(secret, secretPlace(tenantId, id)),
      });
      return { endpoint: await this.get(tx, id), secret };
    });
  }

  /** Newest first. There are at most ten. */
  list(tx: TenantTx): Promise<EndpointRow[]> {
    return tx.manager.find(EndpointRow, { where: { tenantId: tx.tenantId }, order: { id: 'DESC' } });
  }

  /** @throws NotFound */
  async get(tx: TenantTx, id: string): Promise<EndpointRow> {
    const endpoint = await tx.manager.findOneBy(EndpointRow, { tenantId: tx.tenantId, id });
    if (endpoint === null) throw new NotFound('endpoint');
    return endpoint;
  }

  /** Enabling sends what was held while the endpoint was paused. @throws NotFound, UnsafeAddress, TenantRestricted */
  async update(tenantId: string, id: string, change: EndpointChange): Promise<EndpointRow> {
    const url = change.url === undefined ? undefined : this.outbound.check(change.url).href;
    const endpoint = await this.db.inTenant(tenantId, async (tx) => {
      await this.tenants.require(tx, 'configure');
      await this.get(tx, id);
      await tx.manager.update(
        EndpointRow,
        { tenantId, id },
        {
          ...(url === undefined ? {} : { url }),
          ...(change.description === undefined ? {} : { description: change.description }),
          ...(change.eventTypes === undefined ? {} : { eventTypes: unique(change.eventTypes) }),
          ...(change.state === undefined ? {} : { state: change.state, disabledBecause: null }),
          updatedAt: () => 'now()',
        },
      );
      if (change.state === 'enabled') await this.sendHeld(tx, id);
      return this.get(tx, id);
    });
    if (change.state === 'enabled') this.bell.ring('webhooks');
    return endpoint;
  }

  /** Its log goes with it. @throws NotFound, TenantRestricted */
  async remove(tenantId: string, id: string): Promise<void> {
    await this.db.inTenant(tenantId, async (tx) => {
      await this.tenants.require(tx, 'configure');
      const { affected } = await tx.manager.delete(EndpointRow, { tenantId, id });
      if (affected === 0) throw new NotFound('endpoint');
    });
  }

  /** Newest first, one more than `limit`. @throws NotFound */
  async deliveries(tx: TenantTx, endpointId: string, limit: number, after?: string): Promise<DeliveryLog[]> {
    const { tenantId } = tx;
    await this.get(tx, endpointId);
    const deliveries = await tx.manager.find(WebhookDeliveryRow, {
      where: { tenantId, endpointId, ...(after === undefined ? {} : { id: LessThan(after) }) },
      order: { id: 'DESC' },
      take: limit + 1,
    });
    const attempts = await tx.manager.find(WebhookAttemptRow, {
      where: { tenantId, deliveryId: In(deliveries.map((delivery) => delivery.id)) },
      order: { number: 'ASC' },
    });
    const types = await tx.query<{ id: string; type: EventType }>(
      'select id, type from events where tenant_id = $1 and id = any($2::uuid[])',
      [tenantId, deliveries.map((delivery) => delivery.eventId)],
    );
    const typeOf = new Map(types.map((event) => [event.id, event.type]));
    return deliveries.flatMap((delivery) => {
      const eventType = typeOf.get(delivery.eventId);
      if (eventType === undefined) return [];
      return [{ delivery, eventType, attempts: attempts.filter((attempt) => attempt.deliveryId === delivery.id) }];
    });
  }

  private async sendHeld(tx: TenantTx, endpointId: string): Promise<void> {
    const rows = await tx.query<{ id: string }>(
      `update webhook_deliveries set next_attempt_at = now()
       where tenant_id = $1 and endpoint_id = $2 and state = 'pending' returning id`,
      [tx.tenantId, endpointId],
    );
    await this.jobs.enqueue(
      tx,
      rows.map((row) => ({ kind: 'webhook.attempt', subject: row.id })),
    );
  }
}

const unique = (types: readonly EventType[]) => [...new Set(types)];
