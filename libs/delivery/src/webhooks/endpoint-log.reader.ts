import { Injectable } from '@nestjs/common';
import { In, LessThan, MoreThan } from 'typeorm';
import type { TenantTx } from '#libs/database';
import type { EventType } from '#libs/journal';
import { NotFound } from '#libs/kernel';
import { EndpointStore } from './endpoint.store.js';
import { WebhookAttemptRow, WebhookDeliveryRow } from './webhook-delivery.entity.js';

export interface DeliveryLog {
  readonly delivery: WebhookDeliveryRow;
  readonly eventType: EventType;
  readonly attempts: readonly WebhookAttemptRow[];
}

export interface DeliveryFilter {
  readonly state?: WebhookDeliveryRow['state'] | undefined;
  readonly limit: number;
  /** Only deliveries older than this one. */
  readonly after?: string | undefined;
  /** Only deliveries newer than this one, nearest first. */
  readonly before?: string | undefined;
}

/** The deliveries to endpoints, with every attempt. */
@Injectable()
export class EndpointLog {
  constructor(private readonly endpoints: EndpointStore) {}

  /** Newest first; with `before`, oldest first. @throws NotFound when there is no such endpoint */
  async list(
    tx: TenantTx,
    endpointId: string,
    { state, limit, after, before }: DeliveryFilter,
  ): Promise<DeliveryLog[]> {
    await this.endpoints.get(tx, endpointId);
    const deliveries = await tx.manager.find(WebhookDeliveryRow, {
      where: {
        tenantId: tx.tenantId,
        endpointId,
        ...(state === undefined ? {} : { state }),
        ...(after === undefined ? {} : { id: LessThan(after) }),
        ...(before === undefined ? {} : { id: MoreThan(before) }),
      },
      order: { id: before === undefined ? 'DESC' : 'ASC' },
      take: limit,
    });
    return this.withAttempts(tx, deliveries);
  }

  /** @throws NotFound */
  async get(tx: TenantTx, endpointId: string, id: string): Promise<DeliveryLog> {
    const { tenantId } = tx;
    const [log] = await this.withAttempts(
      tx,
      await tx.manager.findBy(WebhookDeliveryRow, { tenantId, endpointId, id }),
    );
    if (log === undefined) throw new NotFound('delivery');
    return log;
  }

  /** Every delivery of one event, at most one per endpoint, oldest first. */
  async ofEvent(tx: TenantTx, eventId: string): Promise<DeliveryLog[]> {
    const { tenantId } = tx;
    const order = { createdAt: 'ASC', id: 'ASC' } as const;
    return this.withAttempts(tx, await tx.manager.find(WebhookDeliveryRow, { where: { tenantId, eventId }, order }));
  }

  private async withAttempts(tx: TenantTx, deliveries: readonly WebhookDeliveryRow[]): Promise<DeliveryLog[]> {
    const { tenantId } = tx;
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
}
