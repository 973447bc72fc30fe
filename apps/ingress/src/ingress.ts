import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { PreCheckoutQuery } from 'grammy/types';
import { isChatter, readEnvelope } from '#libs/journal';
import { MINUTE, publicId } from '#libs/kernel';
import { CONFIG, type Config, Networks, Seldom } from '#libs/runtime';
import { BotDirectory, type BotRoute } from '#libs/tenants';
import { aboutUpdate, inSpan, isTracing } from '#libs/tracing';
import { InboxWriter } from './inbox-writer.js';
import { PreCheckoutDesk } from './pre-checkout.desk.js';

/** Used for unknown paths: its secret is random and never shared. */
const NOBODY = { secretHash: randomBytes(32), previousSecretHash: null, previousSecretUntil: null };

/**
 * Receives Telegram's updates: checks the secret, stores the update, and answers. Other processes do the work, except
 * for pre-checkouts.
 */
@Injectable()
export class Ingress {
  private readonly log = new Logger('Ingress');
  private readonly strangers = new Seldom(MINUTE);
  /** Undefined: updates may come from anywhere. */
  private readonly networks: Networks | undefined;

  constructor(
    private readonly directory: BotDirectory,
    private readonly writer: InboxWriter,
    private readonly desk: PreCheckoutDesk,
    @Inject(CONFIG) { telegramNetworks }: Pick<Config, 'telegramNetworks'>,
  ) {
    this.networks = telegramNetworks.length === 0 ? undefined : new Networks(telegramNetworks);
  }

  /**
   * Checks secret, path and address before the body is read. Secrets are compared by digest, in constant time. An
   * unknown path is handled exactly like a wrong secret: the same look-ups, cached for as long, and the same
   * comparison.
   * @param address the caller's address
   * @returns undefined when the caller is refused
   */
  async admit(pathKey: string, secret: unknown, address: string, now: Date): Promise<BotRoute | undefined> {
    const known = await this.directory.byPath(pathKey);
    // The secret may have just been changed by another process.
    const route = holds(known ?? NOBODY, secret, now) ? known : await this.directory.byPath(pathKey, 'recheck');
    if (!holds(route ?? NOBODY, secret, now) || route === undefined) return undefined;
    if (this.networks === undefined || this.networks.has(address)) return route;
    this.strangers.about(now, (times) => this.log.warn(strangeAddress(address, route, times)));
    return undefined;
  }

  /**
   * @returns the HTTP status: 200 when the update is stored, 400 when it is not an update, 503 when Telegram should
   * repeat it
   */
  async receive(route: BotRoute, text: string): Promise<200 | 400 | 503> {
    const body = storable(text);
    const update = parse(body);
    const envelope = readEnvelope(update);
    if (envelope === undefined) return 400;
    if (isChatter(update)) return 200;
    const about = isTracing() ? aboutUpdate(route.botId, envelope.updateId, update) : undefined;
    return inSpan(`receive ${envelope.kind}`, { kind: 'server', about }, async () => {
      if (isPreCheckout(update)) return (await this.desk.answer(route, envelope, update)) ? 200 : 503;
      await this.writer.add({ tenantId: route.tenantId, botId: route.botId, ...envelope, body });
      return 200;
    });
  }
}

const strangeAddress = (address: string, { botId }: BotRoute, times: number) =>
  `An update with the right secret of ${publicId('bot', botId)} was refused: it came from ${address}, which is not in TELEGRAM_NETWORKS ` +
  `(${times} since the last warning). If that is your proxy, add it to TRUSTED_PROXIES. If Telegram has moved, change TELEGRAM_NETWORKS or ` +
  "leave it empty. Otherwise a stranger knows the secret: rotate the bot's token.";

const ESCAPES = /\\ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2}|\\u(?:0000|d[89a-f][0-9a-f]{2})|\\./gi;

/**
 * PostgreSQL's jsonb accepts neither U+0000 nor half a surrogate pair; both become U+FFFD. Everything else is
 * unchanged.
 */
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

function holds(route: Pick<BotRoute, keyof typeof NOBODY>, secret: unknown, now: Date): boolean {
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
