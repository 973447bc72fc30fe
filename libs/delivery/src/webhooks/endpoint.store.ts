import { Injectable } from '@nestjs/common';
import type { TenantTx } from '#libs/database';
import { EventStore, previousOf } from '#libs/journal';
import { NotFound } from '#libs/kernel';
import type { SecretPlace } from '#libs/vault';
import { EndpointRow } from './endpoint.entity.js';
import { type EndpointAnswer, type EndpointHealth, healthAfter } from './endpoint.js';
import { endpointView } from './endpoint-view.js';

/** The location of an endpoint's secret. */
export const secretPlace = (endpointId: string): SecretPlace => ({
  column: 'endpoints.secret',
  rowId: endpointId,
});

/** The location of an endpoint's previous secret. */
export const previousSecretPlace = (endpointId: string): SecretPlace => ({
  column: 'endpoints.previous_secret',
  rowId: endpointId,
});

/** Endpoints and their health. Lock order: the endpoint, then its deliveries. */
@Injectable()
export class EndpointStore {
  constructor(private readonly events: EventStore) {}

  /** @throws NotFound */
  async get(tx: TenantTx, id: string): Promise<EndpointRow> {
    const endpoint = await tx.manager.findOneBy(EndpointRow, { tenantId: tx.tenantId, id });
    if (endpoint === null) throw new NotFound('endpoint');
    return endpoint;
  }

  /** Locks the endpoint for this transaction; deliveries may still be created for it. @throws NotFound */
  async lock(tx: TenantTx, id: string): Promise<EndpointRow> {
    const endpoint = await this.lockIfAny(tx, id);
    if (endpoint === null) throw new NotFound('endpoint');
    return endpoint;
  }

  /**
   * Updates an endpoint's health, and disables it when it answered 410 or has failed for days. Records an event for
   * that, for the first failure of an outage, and for its end.
   */
  async judge(tx: TenantTx, id: string, attempt: EndpointAnswer, now: Date): Promise<void> {
    const before = await this.lockIfAny(tx, id);
    if (before === null) return;
    const { disabledBecause, news: said, ...health } = healthAfter(before, attempt, now);
    // The result of a pending call to an endpoint that its creator has paused is not news.
    const news = before.state === 'enabled' ? said : undefined;
    if (news === undefined && !healthDiffers(before, health)) return;
    const isDisabled = news === 'endpoint.disabled' && disabledBecause !== undefined;
    const changes = {
      ...health,
      ...(news === undefined ? { failureToldAt: before.failureToldAt } : {}),
      ...(isDisabled ? { state: 'disabled' as const, disabledBecause, updatedAt: now } : {}),
    };
    await tx.manager.update(EndpointRow, { tenantId: tx.tenantId, id }, changes);
    if (news === undefined) return;
    const [former, after] = [endpointView(before), endpointView({ ...before, ...changes })];
    await this.events.record(tx, { type: news, data: after, previous: previousOf(former, after) });
  }

  private lockIfAny(tx: TenantTx, id: string): Promise<EndpointRow | null> {
    return tx.manager.findOne(EndpointRow, {
      where: { tenantId: tx.tenantId, id },
      lock: { mode: 'for_no_key_update' },
    });
  }
}

const healthDiffers = (one: EndpointHealth, other: EndpointHealth) =>
  one.failingSince !== other.failingSince || one.failure !== other.failure || one.slow !== other.slow;
