import { Injectable } from '@nestjs/common';
import type { TenantTx } from '#libs/database';
import { EventStore } from '#libs/journal';
import { NotFound } from '#libs/kernel';
import type { SecretPlace } from '#libs/vault';
import { EndpointRow } from './endpoint.entity.js';
import { healthAfter } from './endpoint.js';
import { endpointView } from './endpoint-view.js';

/** Where an endpoint's secret is at home. */
export const secretPlace = (endpointId: string): SecretPlace => ({
  column: 'endpoints.secret',
  rowId: endpointId,
});

/** Where the secret before it is. */
export const previousSecretPlace = (endpointId: string): SecretPlace => ({
  column: 'endpoints.previous_secret',
  rowId: endpointId,
});

/** Endpoints and what their answers say about them. Lock order: the endpoint, then its deliveries. */
@Injectable()
export class EndpointStore {
  constructor(private readonly events: EventStore) {}

  /** @throws NotFound */
  async get(tx: TenantTx, id: string): Promise<EndpointRow> {
    const endpoint = await tx.manager.findOneBy(EndpointRow, { tenantId: tx.tenantId, id });
    if (endpoint === null) throw new NotFound('endpoint');
    return endpoint;
  }

  /** The endpoint, locked for this transaction; deliveries may still be made for it. @throws NotFound */
  async lock(tx: TenantTx, id: string): Promise<EndpointRow> {
    const endpoint = await this.lockIfAny(tx, id);
    if (endpoint === null) throw new NotFound('endpoint');
    return endpoint;
  }

  /** Keeps an endpoint's health, and disables it, with an event, when it wants nothing more or has failed for days. */
  async judge(tx: TenantTx, id: string, attempt: Parameters<typeof healthAfter>[1], now: Date): Promise<void> {
    const before = await this.lockIfAny(tx, id);
    if (before === null) return;
    const { failingSince, slow, disabledBecause } = healthAfter(before, attempt, now);
    const disabled = disabledBecause !== undefined && before.state === 'enabled';
    if (!disabled && failingSince === before.failingSince && slow === before.slow) return;
    const changes = { failingSince, slow, ...(disabled ? { state: 'disabled' as const, disabledBecause } : {}) };
    const updatedAt = disabled ? now : before.updatedAt;
    await tx.manager.update(EndpointRow, { tenantId: tx.tenantId, id }, { ...changes, updatedAt });
    if (!disabled) return;
    await this.events.record(tx, {
      type: 'endpoint.disabled',
      data: endpointView({ ...before, ...changes, updatedAt }),
      previous: { state: before.state, disabled_because: before.disabledBecause },
    });
  }

  private lockIfAny(tx: TenantTx, id: string): Promise<EndpointRow | null> {
    return tx.manager.findOne(EndpointRow, {
      where: { tenantId: tx.tenantId, id },
      lock: { mode: 'for_no_key_update' },
    });
  }
}
