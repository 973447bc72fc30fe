import { createHmac, randomBytes } from 'node:crypto';
import { answered, type Schema, type StarwallClient } from '#libs/client';

const PAGE = 100;
const REMEMBERED = 10_000;
const PATIENCE_MS = 15_000;

type Event = Schema<'Event'>;

/** The result of forwarding one event. */
export interface Forwarded {
  readonly id: string;
  readonly type: string;
  /** The local server's status, or null if it did not respond. */
  readonly status: number | null;
  readonly error?: string;
}

export const newSecret = () => `whsec_${randomBytes(32).toString('base64')}`;

/** Signs a request according to Standard Webhooks 1.0.0. */
export function signed(
  event: Event,
  secret: string,
  seconds: number,
): { body: string; headers: Record<string, string> } {
  const body = JSON.stringify(event);
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const signature = createHmac('sha256', key).update(`${event.id}.${seconds}.${body}`).digest('base64');
  const headers = {
    'content-type': 'application/json',
    'webhook-id': event.id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': `v1,${signature}`,
  };
  return { body, headers };
}

/**
 * Finds events that happen after the first read. Transactions may commit out of order, so it remembers ids instead of a
 * cursor.
 */
export class NewEvents {
  private readonly seen = new Set<string>();
  private started = false;

  constructor(private readonly api: StarwallClient) {}

  /** @returns new events since the last read, oldest first; none the first time */
  async look(): Promise<Event[]> {
    const fresh: Event[] = [];
    for (let after: string | undefined, more = true; more; ) {
      const query = { limit: PAGE, ...(after === undefined ? {} : { starting_after: after }) };
      const page = await answered(this.api.GET('/v1/events', { params: { query } }));
      const unseen = page.data.filter((event) => !this.seen.has(event.id));
      fresh.push(...unseen);
      after = page.data.at(-1)?.id;
      more = this.started && page.has_more && unseen.length === page.data.length;
    }
    for (const event of fresh) this.seen.add(event.id);
    for (const id of this.seen) if (this.seen.size > REMEMBERED) this.seen.delete(id);
    const first = !this.started;
    this.started = true;
    return first ? [] : fresh.toReversed();
  }
}

export async function forward(event: Event, to: string, secret: string): Promise<Forwarded> {
  const { body, headers } = signed(event, secret, Math.floor(Date.now() / 1_000));
  const { id, type } = event;
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const answer = await fetch(to, { method: 'POST', body, headers, redirect: 'manual', signal });
    await answer.body?.cancel();
    return { id, type, status: answer.status };
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    return { id, type, status: null, error: cause instanceof Error ? cause.message : String(cause) };
  }
}
