import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Database, type TenantTx } from '#libs/database';
import { type EventType, JobStore } from '#libs/journal';
import { type Clock, NotFound, newUuid } from '#libs/kernel';
import { Quotas } from '#libs/quotas';
import { CLOCK } from '#libs/runtime';
import { TenantStore } from '#libs/tenants';
import { SecretBox } from '#libs/vault';
import { EndpointRow } from './endpoint.entity.js';
import { SECRET_OVERLAP_MS } from './endpoint.js';
import { EndpointStore, previousSecretPlace, secretPlace } from './endpoint.store.js';
import { Outbound } from '../outbound/outbound.service.js';
import { SECRET_BYTES, secretOf } from '../outbound/webhook.js';
import { webhookJob } from './webhooks.service.js';

export interface NewEndpoint {
  readonly url: string;
  readonly description?: string | null | undefined;
  /** Empty: all. */
  readonly eventTypes?: readonly EventType[] | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

export interface EndpointChange extends Omit<NewEndpoint, 'url'> {
  readonly url?: string | undefined;
  readonly state?: 'enabled' | 'paused' | undefined;
}

/** Manages a creator's endpoints. */
@Injectable()
export class EndpointService {
  constructor(
    private readonly db: Database,
    private readonly tenants: TenantStore,
    private readonly quotas: Quotas,
    private readonly box: SecretBox,
    private readonly outbound: Outbound,
    private readonly endpoints: EndpointStore,
    private readonly jobs: JobStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Resolves the host's name now, outside of any transaction.
   * @returns the address as it is stored
   * @throws UnsafeAddress
   */
  async vet(url: string): Promise<string> {
    return (await this.outbound.vet(url)).href;
  }

  /**
   * @param wish with an address from {@link vet}
   * @returns the endpoint and its signing secret, which is never shown again
   * @throws QuotaExhausted, TenantRestricted
   */
  async create(tx: TenantTx, wish: NewEndpoint): Promise<{ endpoint: EndpointRow; secret: string }> {
    const { tenantId } = tx;
    const id = newUuid();
    const secret = secretOf(randomBytes(SECRET_BYTES));
    await this.tenants.require(tx, 'configure');
    await this.quotas.require(tx, 'endpoints');
    await tx.manager.insert(EndpointRow, {
      tenantId,
      id,
      url: wish.url,
      description: wish.description ?? null,
      eventTypes: unique(wish.eventTypes ?? []),
      secretSealed: await this.box.seal(tx, secret, secretPlace(id)),
      metadata: { ...wish.metadata },
    });
    return { endpoint: await this.get(tx, id), secret };
  }

  /** Newest first. There are few: plans allow ten. */
  list(tx: TenantTx): Promise<EndpointRow[]> {
    return tx.manager.find(EndpointRow, { where: { tenantId: tx.tenantId }, order: { id: 'DESC' } });
  }

  /** @throws NotFound */
  get(tx: TenantTx, id: string): Promise<EndpointRow> {
    return this.endpoints.get(tx, id);
  }

  /**
   * Gives an endpoint a new secret. For 24 hours everything is signed with both, so that receivers have time to switch.
   * A second rotation within a day drops the oldest secret at once.
   * @returns the endpoint and its new secret, which is never shown again
   * @throws NotFound, TenantRestricted
   */
  rotateSecret(tenantId: string, id: string): Promise<{ endpoint: EndpointRow; secret: string }> {
    return this.db.inTenant(tenantId, async (tx) => {
      await this.tenants.require(tx, 'configure');
      const { secretSealed } = await this.endpoints.lock(tx, id);
      const [secret, now] = [secretOf(randomBytes(SECRET_BYTES)), this.clock.now()];
      const former = await this.box.open(tx, secretSealed, secretPlace(id));
      await tx.manager.update(
        EndpointRow,
        { tenantId, id },
        {
          secretSealed: await this.box.seal(tx, secret, secretPlace(id)),
          previousSecretSealed: await this.box.seal(tx, former, previousSecretPlace(id)),
          previousSecretUntil: new Date(now.getTime() + SECRET_OVERLAP_MS),
          updatedAt: now,
        },
      );
      return { endpoint: await this.get(tx, id), secret };
    });
  }

  /**
   * Changes an endpoint. Enabling it sends the deliveries that were held while it was paused, and resets its failures.
   * @throws NotFound, UnsafeAddress, TenantRestricted
   */
  async update(tenantId: string, id: string, change: EndpointChange): Promise<EndpointRow> {
    const url = change.url === undefined ? undefined : await this.vet(change.url);
    return this.db.inTenant(tenantId, async (tx) => {
      await this.tenants.require(tx, 'configure');
      await this.endpoints.lock(tx, id);
      await tx.manager.update(
        EndpointRow,
        { tenantId, id },
        {
          ...(url === undefined ? {} : { url }),
          ...(change.description === undefined ? {} : { description: change.description }),
          ...(change.eventTypes === undefined ? {} : { eventTypes: unique(change.eventTypes) }),
          ...(change.metadata === undefined ? {} : { metadata: { ...change.metadata } }),
          ...(change.state === undefined
            ? {}
            : { state: change.state, disabledBecause: null, failingSince: null, failure: null, failureToldAt: null }),
          updatedAt: () => 'now()',
        },
      );
      const changed = await this.get(tx, id);
      if (change.state === 'enabled') await this.sendHeld(tx, changed);
      return changed;
    });
  }

  /** Deletes an endpoint and its log. @throws NotFound, TenantRestricted */
  async remove(tenantId: string, id: string): Promise<void> {
    await this.db.inTenant(tenantId, async (tx) => {
      await this.tenants.require(tx, 'configure');
      await tx.query(
        `delete from webhook_attempts a using webhook_deliveries d
         where a.tenant_id = $1 and d.tenant_id = $1 and d.id = a.delivery_id and d.endpoint_id = $2`,
        [tenantId, id],
      );
      const { affected } = await tx.manager.delete(EndpointRow, { tenantId, id });
      if (affected === 0) throw new NotFound('endpoint');
    });
  }

  private async sendHeld(tx: TenantTx, endpoint: EndpointRow): Promise<void> {
    const rows = await tx.query<{ id: string }>(
      `update webhook_deliveries set next_attempt_at = now()
       where tenant_id = $1 and endpoint_id = $2 and state = 'pending' returning id`,
      [tx.tenantId, endpoint.id],
    );
    await this.jobs.enqueue(
      tx,
      rows.map((row) => webhookJob(endpoint, row.id)),
    );
  }
}

const unique = (types: readonly EventType[]) => [...new Set(types)];
