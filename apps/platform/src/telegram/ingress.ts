import { createHash, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { PreCheckoutQuery } from 'grammy/types';
import { readEnvelope } from '#libs/journal';
import { BotDirectory, type BotRoute } from '#libs/tenants';
import { InboxWriter } from './inbox-writer.js';
import { PreCheckoutDesk } from './pre-checkout.desk.js';

export type Entry =
  | { readonly kind: 'open'; readonly route: BotRoute }
  | { readonly kind: 'unknown_path' | 'wrong_secret' };

const NOBODY = createHash('sha256').update('nobody').digest();

/** Where Telegram's updates come in: check the secret, store, answer. The work is done elsewhere, except for pre-checkouts. */
@Injectable()
export class Ingress {
  constructor(
    private readonly directory: BotDirectory,
    private readonly writer: InboxWriter,
    private readonly desk: PreCheckoutDesk,
  ) {}

  /** Looks at path and secret, before the body is read. The secret is compared by digest, in constant time. */
  async admit(pathKey: string, secret: unknown, now: Date): Promise<Entry> {
    const known = await this.directory.byPath(pathKey);
    if (known !== undefined && holds(known, secret, now)) return { kind: 'open', route: known };
    // The secret may have changed a moment ago, elsewhere. An unknown path takes the same way and the same time.
    const fresh = await this.directory.byPath(pathKey, 'recheck');
    if (fresh === undefined) {
      digestEquals(NOBODY, secret);
      return { kind: 'unknown_path' };
    }
    return holds(fresh, secret, now) ? { kind: 'open', route: fresh } : { kind: 'wrong_secret' };
  }

  /** @returns the HTTP status: 200 means that the update is safe, 400 that it is none, 503 that Telegram should send it again */
  async receive(route: BotRoute, text: string): Promise<200 | 400 | 503> {
    const body = storable(text);
    const update = parse(body);
    const envelope = readEnvelope(update);
    if (envelope === undefined) return 400;
    if (isPreCheckout(update)) return (await this.desk.answer(route, envelope, update)) ? 200 : 503;
    await this.writer.add({ tenantId: route.tenantId, botId: route.botId, ...envelope, body });
    return 200;
  }
}

const ESCAPES = /\\ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2}|\\u(?:0000|d[89a-f][0-9a-f]{2})|\\./gi;

/** PostgreSQL's jsonb takes neither U+0000 nor half a surrogate pair; both become U+FFFD. Everything else stays to the letter. */
function storable(json: string): string {
  if (!/\\u(0000|d[89a-f])/i.test(json)) return json;
  return json.replace(ESCAPES, (escape) => (/^\\u(?:0000|d...)$/i.test(escape) ? '\\ufffd' : escape));
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function isPreCheckout(update: unknown): update is { pre_checkout_query: PreCheckoutQuery } {
  const query = (update as { pre_checkout_query?: Partial<PreCheckoutQuery> }).pre_checkout_query;
  return (
    typeof query?.id === 'string' && typeof query.invoice_payload === 'string' && typeof query.from?.id === 'number'
  );
}

function holds(route: BotRoute, secret: unknown, now: Date): boolean {
  const current = digestEquals(route.secretHash, secret);
  const { previousSecretHash, previousSecretUntil } = route;
  if (previousSecretHash === null || previousSecretUntil === null || previousSecretUntil <= now) return current;
  return digestEquals(previousSecretHash, secret) || current;
}

function digestEquals(digest: Buffer, secret: unknown): boolean {
  const given = createHash('sha256')
    .update(typeof secret === 'string' ? secret : '')
    .digest();
  return timingSafeEqual(given, digest) && typeof secret === 'string';
}
