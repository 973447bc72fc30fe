import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Database, oneRow, type TenantTx } from '#libs/database';
import type { EventType, NewJob, Queue } from '#libs/journal';
import { clip, type Clock, newUuidBeside, publicId } from '#libs/kernel';
import { CLOCK, CONFIG, type Config, messageOf } from '#libs/runtime';
import { type BotEnvironment, CAN, type TenantState } from '#libs/tenants';
import { inSpan, tellSpan } from '#libs/tracing';
import { SecretBox } from '#libs/vault';
import { ENDPOINT_STATES, type EndpointState } from './endpoint.js';
import { EndpointStore, previousSecretPlace, secretPlace } from './endpoint.store.js';
import { Outbound } from '../outbound/outbound.service.js';
import { type EventFacts, judgeAnswer, readableResponse, signatureHeaders, webhookBody } from '../outbound/webhook.js';
import { WebhookAttemptRow } from './webhook-delivery.entity.js';

/** The result of one attempt, not stored yet: see {@link WebhookService.record}. */
export interface Attempt {
  readonly deliveryId: string;
  readonly endpointId: string;
  readonly url: string;
  readonly signedAt: Date;
  readonly bodySha256: Buffer;
  readonly bodyBytes: number;
  readonly verdict: 'accepted' | 'gone' | 'refused';
  readonly status: number | null;
  readonly response: string | null;
  readonly error: string | null;
  readonly durationMs: number;
  /** The receiver asked for this delay. */
  readonly afterMs: number | undefined;
}

export type AttemptOutcome =
  | { readonly kind: 'attempted'; readonly attempt: Attempt }
  /** Already delivered, or deleted with its endpoint. */
  | { readonly kind: 'nothing' }
  /** The endpoint is paused: the delivery stays pending, and enabling the endpoint creates its job again. */
  | { readonly kind: 'held' }
  /** The endpoint is disabled. */
  | { readonly kind: 'dropped' }
  /** The workspace may not make calls now. */
  | { readonly kind: 'closed' }
  /** It is in the wrong queue: slow endpoints have a separate one, so that they do not delay the others. */
  | { readonly kind: 'elsewhere'; readonly queue: Queue };

interface Facts extends EventFacts {
  readonly deliveryState: 'pending' | 'delivered' | 'failed';
  readonly endpointId: string;
  readonly url: string;
  readonly secretSealed: Buffer;
  readonly previousSecretSealed: Buffer | null;
  readonly previousSecretUntil: Date | null;
  readonly endpointState: EndpointState;
  readonly slow: boolean;
  /** The order that the event is about, if any. */
  readonly orderId: string | null;
  /** The environment of the event's bot, if any. */
  readonly environment: BotEnvironment | null;
  readonly tenantState: TenantState;
}

const USER_AGENT = 'Starwall/1 (+webhooks; standardwebhooks 1.0.0)';

/** Signed webhooks to the creator's own server, as defined by Standard Webhooks 1.0.0. */
@Injectable()
export class WebhookService {
  private readonly livemode: boolean;

  constructor(
    private readonly db: Database,
    private readonly box: SecretBox,
    private readonly outbound: Outbound,
    private readonly endpoints: EndpointStore,
    @Inject(CONFIG) config: Pick<Config, 'livemode'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.livemode = config.livemode;
  }

  /**
   * Makes one attempt at one delivery: signs, posts, judges the response. Throws only for internal errors. @param queue
   * the queue in which it waited
   */
  async attempt(tenantId: string, deliveryId: string, queue: Queue): Promise<AttemptOutcome> {
    const due = await this.db.inTenant(tenantId, async (tx) => {
      const facts = await factsOf(tx, deliveryId);
      if (facts === undefined || facts.deliveryState === 'delivered') return { kind: 'nothing' } as const;
      const other = reasonNotToSend(facts, queue);
      return other ?? { kind: 'due' as const, facts, secrets: await this.secrets(tx, facts) };
    });
    if (due.kind !== 'due') return due;
    return { kind: 'attempted', attempt: await this.post(deliveryId, due.facts, due.secrets) };
  }

  /**
   * Stores an attempt and its consequences, including those for the endpoint.
   * @param next the due time of the next attempt; undefined if there is none
   */
  async record(tx: TenantTx, attempt: Attempt, next: Date | undefined): Promise<void> {
    const { deliveryId, endpointId, verdict, afterMs: _, ...facts } = attempt;
    await this.endpoints.judge(tx, endpointId, attempt, this.clock.now());
    const state = verdict === 'accepted' ? 'delivered' : next === undefined ? 'failed' : 'pending';
    const rows = await tx.query<{ attempts: number; round: number }>(
      `update webhook_deliveries set attempts = attempts + 1, state = $3, next_attempt_at = $4
       where tenant_id = $1 and id = ${oneRow('$2')} returning attempts, round`,
      [tx.tenantId, deliveryId, state, state === 'pending' ? next : null],
    );
    const [row] = rows;
    if (row === undefined) return;
    await tx.manager.insert(WebhookAttemptRow, {
      ...facts,
      tenantId: tx.tenantId,
      id: newUuidBeside(deliveryId),
      deliveryId,
      number: row.attempts,
      round: row.round,
      ok: verdict === 'accepted',
    });
  }

  /** Marks the delivery as failed; there are no further attempts. */
  async giveUp(tx: TenantTx, deliveryId: string): Promise<void> {
    await tx.query(
      `update webhook_deliveries set state = 'failed', next_attempt_at = null
       where tenant_id = $1 and id = $2 and state = 'pending'`,
      [tx.tenantId, deliveryId],
    );
  }

  private post(deliveryId: string, facts: Facts, secrets: readonly string[]): Promise<Attempt> {
    const { orderId, type } = facts;
    const span = { kind: 'client', about: orderId ?? undefined, attributes: { 'starwall.event': type } } as const;
    return inSpan('webhook', span, async () => {
      const attempt = await this.posted(deliveryId, facts, secrets);
      tellSpan({ verdict: attempt.verdict, 'http.response.status_code': attempt.status ?? 0 });
      return attempt;
    });
  }

  private async posted(deliveryId: string, facts: Facts, secrets: readonly string[]): Promise<Attempt> {
    const { endpointId, url } = facts;
    const isLive = this.livemode && facts.environment !== 'test';
    const [body, now] = [webhookBody(facts, isLive), this.clock.now()];
    const headers = {
      'content-type': 'application/json',
      'user-agent': USER_AGENT,
      ...signatureHeaders(publicId('event', facts.id), now, body, secrets),
    };
    const request = {
      deliveryId,
      endpointId,
      url,
      signedAt: now,
      bodySha256: createHash('sha256').update(body).digest(),
      bodyBytes: Buffer.byteLength(body),
    };
    const began = performance.now();
    const common = () => ({ ...request, durationMs: Math.round(performance.now() - began) });
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
      const said = clip(messageOf(error), 500);
      return { ...common(), verdict: 'refused', status: null, response: null, error: said, afterMs: undefined };
    }
  }

  private async secrets(tx: TenantTx, facts: Facts): Promise<string[]> {
    const { endpointId, secretSealed, previousSecretSealed: previous, previousSecretUntil: until } = facts;
    const secret = await this.box.open(tx, secretSealed, secretPlace(endpointId));
    if (previous === null || until === null || until <= this.clock.now()) return [secret];
    return [secret, await this.box.open(tx, previous, previousSecretPlace(endpointId))];
  }
}

/** The reason not to send a delivery now; undefined if there is none. */
function reasonNotToSend(facts: Facts, queue: Queue): AttemptOutcome | undefined {
  if (!CAN[facts.tenantState].webhooks) return { kind: 'closed' };
  const fate = ENDPOINT_STATES[facts.endpointState];
  if (fate === 'hold') return { kind: 'held' };
  if (fate === 'drop') return { kind: 'dropped' };
  const itsQueue = webhookQueue(facts);
  return queue === itsQueue ? undefined : { kind: 'elsewhere', queue: itsQueue };
}

/** The queue of an endpoint's deliveries. */
const webhookQueue = ({ slow }: { readonly slow: boolean }): Queue => (slow ? 'slow-webhooks' : 'webhooks');

/** The job of a delivery. */
export const webhookJob = (endpoint: { readonly id: string; readonly slow: boolean }, deliveryId: string): NewJob => ({
  kind: 'webhook.attempt',
  subject: deliveryId,
  queue: webhookQueue(endpoint),
  lane: endpoint.id,
});

async function factsOf(tx: TenantTx, deliveryId: string): Promise<Facts | undefined> {
  const rows = await tx.query<Facts & { type: EventType }>(
    `select d.state as "deliveryState", d.endpoint_id as "endpointId", p.url, p.secret_sealed as "secretSealed",
       p.previous_secret_sealed as "previousSecretSealed", p.previous_secret_until as "previousSecretUntil",
       p.state as "endpointState", p.slow, t.state as "tenantState",
       e.id, e.type, e.sequence, e.data, e.previous, e.created_at as "createdAt", e.order_id as "orderId", b.environment
     from webhook_deliveries d
     join endpoints p on p.tenant_id = d.tenant_id and p.id = d.endpoint_id
     join events e on e.tenant_id = d.tenant_id and e.id = d.event_id
     join tenants t on t.id = d.tenant_id
     left join bots b on b.tenant_id = e.tenant_id and b.id = e.bot_id
     where d.tenant_id = $1 and d.id = ${oneRow('$2')}`,
    [tx.tenantId, deliveryId],
  );
  return rows[0];
}
