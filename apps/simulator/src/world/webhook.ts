import { MINUTE, SECOND } from '#libs/kernel';
import type { Cancel, MovableClock } from './clock.js';
import type { Faults } from './faults.js';
import type { DeliveryEntry } from './log.js';
import type { Random } from './random.js';
import type { QueuedUpdate, UpdateQueue } from './update-queue.js';

export interface WebhookSettings {
  readonly url: string;
  readonly maxConnections: number;
  readonly secretToken?: string;
  readonly ipAddress?: string;
}

export interface WebhookDeps {
  readonly botId: number;
  readonly clock: MovableClock;
  readonly random: Random;
  readonly faults: Faults;
  readonly queue: UpdateQueue;
  /** Multiplies the waits between retries; 1 is Telegram's pace. */
  readonly retryScale: number;
  readonly onAttempt: (entry: DeliveryEntry) => void;
  /** Gets a JSON object in a 2xx answer, which may be a call. */
  readonly onReply: (body: Readonly<Record<string, unknown>>) => void;
}

type Outcome = { readonly ok: true; readonly status: number; readonly body: string } | Failure;
interface Failure {
  readonly ok: false;
  readonly status: number;
  readonly error: string;
  readonly retryAfter?: number;
  readonly fault?: string;
}

const READ_TIMEOUT = MINUTE;
const LONGEST_RETRY_AFTER = 3_600;

/**
 * Sends a bot's updates to its server, by the rules of the Bot API server (WebhookActor.cpp): one in flight per
 * queue, queues in parallel up to max_connections, only twice that many queues considered, and retries until a 2xx
 * answer or expiry.
 */
export class WebhookSender {
  lastError: { readonly date: number; readonly message: string } | undefined;
  readonly #busy = new Map<string, AbortController>();
  readonly #unsubscribe: () => void;
  #alarm: Cancel | undefined;
  #stopped = false;

  constructor(
    readonly settings: WebhookSettings,
    private readonly deps: WebhookDeps,
  ) {
    this.#unsubscribe = deps.queue.onArrival(() => this.wake());
    this.wake();
  }

  stop(): void {
    this.#stopped = true;
    this.#unsubscribe();
    this.#alarm?.();
    for (const request of this.#busy.values()) request.abort();
  }

  /** Sends the updates that may be sent now, and sets a timer for those that have to wait. */
  wake(): void {
    this.#alarm?.();
    if (this.#stopped) return;
    const now = this.deps.clock.millis();
    let earliest = Number.POSITIVE_INFINITY;
    for (const [lane, first] of this.#loadedLanes()) {
      if (this.#busy.has(lane)) continue;
      if (first.notBefore > now) earliest = Math.min(earliest, first.notBefore);
      else if (this.#busy.size < this.settings.maxConnections) void this.#deliver(first);
    }
    if (Number.isFinite(earliest)) this.#alarm = this.deps.clock.after(earliest - now, () => this.wake());
  }

  #loadedLanes(): readonly (readonly [string, QueuedUpdate])[] {
    const lanes = new Map<string, QueuedUpdate>();
    for (const item of this.deps.queue.pending()) if (!lanes.has(item.lane)) lanes.set(item.lane, item);
    return [...lanes].slice(0, 2 * this.settings.maxConnections);
  }

  async #deliver(item: QueuedUpdate): Promise<void> {
    const request = new AbortController();
    this.#busy.set(item.lane, request);
    item.attempts += 1;
    const startedAt = performance.now();
    const outcome = await this.#attempt(item, request);
    this.#busy.delete(item.lane);
    if (this.#stopped) return;
    this.deps.onAttempt({
      type: 'delivery',
      botId: this.deps.botId,
      updateId: item.update.update_id,
      kind: item.kind,
      attempt: item.attempts,
      status: outcome.status,
      ...(outcome.ok ? {} : { error: outcome.error }),
      ...(!outcome.ok && outcome.fault !== undefined ? { fault: outcome.fault } : {}),
      ms: Math.round(performance.now() - startedAt),
    });
    if (outcome.ok) {
      this.deps.queue.remove(item);
      this.#runReply(outcome.body);
    } else this.#postpone(item, outcome);
    this.wake();
  }

  async #attempt(item: QueuedUpdate, request: AbortController): Promise<Outcome> {
    const fault = this.deps.faults.strike('delivery', this.deps.botId, item.kind, this.deps.clock.millis());
    if (fault?.action === 'timeout') return { ok: false, status: 0, error: 'Read timeout expired', fault: 'timeout' };
    if (fault?.action === 'delay') await this.deps.clock.sleep((fault.seconds ?? 1) * SECOND);
    const outcome = await this.#post(item, request);
    if (fault?.action !== 'drop_answer') return outcome;
    return { ok: false, status: outcome.status, error: 'Webhook connection closed', fault: 'drop_answer' };
  }

  async #post(item: QueuedUpdate, request: AbortController): Promise<Outcome> {
    let timedOut = false;
    const cancelTimeout = this.deps.clock.after(READ_TIMEOUT, () => {
      timedOut = true;
      request.abort();
    });
    try {
      const response = await fetch(this.settings.url, {
        method: 'POST',
        redirect: 'manual',
        signal: request.signal,
        headers: {
          'content-type': 'application/json',
          ...(this.settings.secretToken === undefined
            ? {}
            : { 'x-telegram-bot-api-secret-token': this.settings.secretToken }),
        },
        body: JSON.stringify(item.update),
      });
      return await outcomeOf(response);
    } catch (error) {
      return { ok: false, status: 0, error: timedOut ? 'Read timeout expired' : connectionError(error) };
    } finally {
      cancelTimeout();
    }
  }

  #postpone(item: QueuedUpdate, failure: Failure): void {
    const { clock, random, queue, retryScale } = this.deps;
    this.lastError = { date: clock.seconds(), message: failure.error };
    let wait = Math.min(Math.max(failure.retryAfter ?? 0, 0), LONGEST_RETRY_AFTER);
    if (wait === 0 && item.attempts > 1) {
      item.delay = Math.min(item.delay * 2, random.between(60, 120));
      wait = item.delay;
    }
    item.notBefore = clock.millis() + wait * SECOND * retryScale;
    if (item.notBefore > item.expiresAt) queue.remove(item);
  }

  #runReply(body: string): void {
    if (!body.trimStart().startsWith('{')) return;
    try {
      const reply: unknown = JSON.parse(body);
      if (typeof reply === 'object' && reply !== null && 'method' in reply) this.deps.onReply({ ...reply });
    } catch {
      // Any other content of a 2xx answer is ignored: the update was received.
    }
  }
}

async function outcomeOf(response: Response): Promise<Outcome> {
  const body = await response.text();
  if (response.ok) return { ok: true, status: response.status, body };
  const error = `Wrong response from the webhook: ${response.status} ${response.statusText}`;
  const retryAfter = Number.parseInt(response.headers.get('retry-after') ?? '', 10);
  return { ok: false, status: response.status, error, ...(Number.isNaN(retryAfter) ? {} : { retryAfter }) };
}

const CONNECTION_ERRORS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Connection refused',
  ENOTFOUND: 'Failed to resolve host: Name or service not known',
  ECONNRESET: 'Connection reset by peer',
  UND_ERR_SOCKET: 'Webhook connection closed',
};

function connectionError(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return CONNECTION_ERRORS[code] ?? 'Connection closed';
}
