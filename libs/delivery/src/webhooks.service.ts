import { Inject, Injectable } from '@nestjs/common';
import { Database, type TenantTx } from '#libs/database';
import type { EventType } from '#libs/journal';
import { type Clock, MINUTE, newUuid, publicId } from '#libs/kernel';
import { CLOCK, redact, SecretBox } from '#libs/runtime';
import { CAN, type TenantState } from '#libs/tenants';
import { ENDPOINT_STATES, type EndpointState } from './endpoint.js';
import { Outbound } from './outbound.service.js';
import { type EventFacts, judgeAnswer, readableResponse, signatureHeaders, webhookBody } from './webhook.js';
import { WebhookAttemptRow } from './webhook-delivery.entity.js';

/** What one attempt found out. Nothing of it is stored yet: see {@link WebhookService.record}. */
export interface Attempt {
  readonly deliveryId: string;
  readonly endpointId: string;
  readonly verdict: 'accepted' | 'gone' | 'refused';
  readonly status: number | null;
  readonly response: string | null;
  readonly error: string | null;
  readonly durationMs: number;
  /** The receiver asked not to be called before. */
  readonly afterMs: number | undefined;
}

export type AttemptOutcome =
  | { readonly kind: 'attempted'; readonly attempt: Attempt }
  /** Delivered already, or deleted with its endpoint. */
  | { readonly kind: 'nothing' }
  /** The endpoint is paused: the delivery stays pending, and resuming makes a job of it again. */
  | { readonly kind: 'held' }
  /** The endpoint is disabled. */
  | { readonly kind: 'dropped' }
  /** The workspace may call nobody now. */
  | { readonly kind: 'closed' };

interface Facts extends EventFacts {
  readonly deliveryState: 'pending' | 'delivered' | 'failed';
  readonly endpointId: string;
  readonly url: string;
  readonly secretSealed: Buffer;
  readonly endpointState: EndpointState;
  readonly tenantState: TenantState;
}

const USER_AGENT = 'Starwall/1 (+webhooks; standardwebhooks 1.0.0)';

/** Signed webhooks to the creator's own server, as Standard Webhooks 1.0.0 has them. */
@Injectable()
export class WebhookService {
  constructor(
    private readonly db: Database,
    private readonly box: SecretBox,
    private readonly outbound: Outbound,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** One attempt at one delivery: signs anew, posts, judges the answer. Throws only when we are at fault. */
  async attempt(tenantId: string, deliveryId: string): Promise<AttemptOutcome> {
    const facts = await this.db.inTenant(tenantId, (tx) => factsOf(tx, deliveryId));
    if (facts === undefined || facts.deliveryState === 'delivered') return { kind: 'nothing' };
    if (!CAN[facts.tenantState].webhooks) return { kind: 'closed' };
    const fate = ENDPOINT_STATES[facts.endpointState];
    if (fate === 'hold') return { kind: 'held' };
    if (fate === 'drop') return { kind: 'dropped' };
    return { kind: 'attempted', attempt: await this.post(tenantId, deliveryId, facts) };
  }

  /**
   * Stores an attempt and what follows from it.
   * @param next when the next attempt is due; undefined when there is none
   */
  async record(tx: TenantTx, attempt: Attempt, next: Date | undefined): Promise<void> {
    const { deliveryId, verdict, status, response, error, durationMs } = attempt;
    const state = verdict === 'accepted' ? 'delivered' : next === undefined ? 'failed' : 'pending';
    const rows = await tx.query<{ attempts: number }>(
      `update webhook_deliveries set attempts = attempts + 1, state = $3, next_attempt_at = $4
       where tenant_id = $1 and id = $2 returning attempts`,
      [tx.tenantId, deliveryId, state, state === 'pending' ? next : null],
    );
    const number = rows[0]?.attempts;
    if (number === undefined) return;
    await tx.manager.insert(WebhookAttemptRow, {
      tenantId: tx.tenantId,
      id: newUuid(),
      deliveryId,
      number,
      ok: verdict === 'accepted',
      status,
      response,
      error,
      durationMs,
    });
    if (verdict === 'gone') await disable(tx, attempt.endpointId, 'The endpoint answered 410 Gone.');
  }

  /** No further attempt will be made. */
  async giveUp(tx: TenantTx, deliveryId: string): Promise<void> {
    await tx.query(
      `update webhook_deliveries set state = 'failed', next_attempt_at = null
       where tenant_id = $1 and id = $2 and state = 'pending'`,
      [tx.tenantId, deliveryId],
    );
  }

  private async post(tenantId: string, deliveryId: string, facts: Facts): Promise<Attempt> {
    const { endpointId, url } = facts;
    const secret = this.box.open(facts.secretSealed, secretPlace(tenantId, endpointId));
    const [body, now] = [webhookBody(facts), this.clock.now()];
    const headers = {
      'content-type': 'application/json',
      'user-agent': USER_AGENT,
      ...signatureHeaders(publicId('event', facts.id), now, body, secret),
    };
    const began = performance.now();
    const common = () => ({ deliveryId, endpointId, durationMs: Math.round(performance.now() - began) });
    try {
      const answer = await this.outbound.post(url, headers, body);
      const receipt = judgeAnswer(answer.status, answer.retryAfter, now);
      return {
        ...common(),
        verdict: receipt.kind,
        status: answer.status,
        response: readableResponse(answer.body),
        error: null,
        afterMs: receipt.kind === 'refused' ? receipt.afterMs : undefined,
      };
    } catch (error) {
      const said = redact(error instanceof Error ? error.message : String(error)).slice(0, 500);
      return { ...common(), verdict: 'refused', status: null, response: null, error: said, afterMs: undefined };
    }
  }
}

/** Where an endpoint's secret is at home. */
export const secretPlace = (tenantId: string, endpointId: string) => ({
  tenantId,
  column: 'endpoints.secret',
  rowId: endpointId,
});

/** How long to leave a workspace alone that may call nobody. */
export const CLOSED_FOR_MS = 15 * MINUTE;

async function disable(tx: TenantTx, endpointId: string, because: string): Promise<void> {
  await tx.query(
    `update endpoints set state = 'disabled', disabled_because = $3, updated_at = now() where tenant_id = $1 and id = $2`,
    [tx.tenantId, endpointId, because],
  );
}

async function factsOf(tx: TenantTx, deliveryId: string): Promise<Facts | undefined> {
  const rows = await tx.query<Facts & { type: EventType }>(
    `select d.state as "deliveryState", d.endpoint_id as "endpointId", p.url, p.secret_sealed as "secretSealed",
       p.state as "endpointState", t.state as "tenantState",
       e.id, e.type, e.sequence, e.data, e.previous, e.created_at as "createdAt"
     from webhook_deliveries d
     join endpoints p on p.tenant_id = d.tenant_id and p.id = d.endpoint_id
     join events e on e.tenant_id = d.tenant_id and e.id = d.event_id
     join tenants t on t.id = d.tenant_id
     where d.tenant_id = $1 and d.id = $2`,
    [tx.tenantId, deliveryId],
  );
  return rows[0];
}
