import { randomUUID } from 'node:crypto';
import type { Operation } from './openapi.js';
import type { Starwall } from './starwall.js';

const AT_ONCE = 8;

export interface Sent {
  readonly url: string;
  readonly body?: string | undefined;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Sends an operation's request without the network. Every write has a new key. */
export async function ask(
  starwall: Starwall,
  { method }: Operation,
  { url, body }: Sent,
  token: string | undefined,
): Promise<Answer> {
  const answer = await starwall.app.inject({
    method: method.toUpperCase() as 'GET',
    url,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(method === 'get' ? {} : { 'idempotency-key': randomUUID() }),
    },
    ...(body === undefined ? {} : { payload: body }),
  });
  return { status: answer.statusCode, text: answer.body };
}

/** Checks all items, a few at a time. @returns the complaints */
export async function complaints<Item>(items: readonly Item[], about: (item: Item) => Promise<string | undefined>) {
  const found: string[] = [];
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) {
      const complaint = await about(item);
      if (complaint !== undefined) found.push(complaint);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return found;
}
