import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { PreCheckoutQuery } from 'grammy/types';
import { isChatter, readEnvelope } from '#libs/journal';
import { MINUTE, publicId } from '#libs/kernel';
import { CONFIG, type Config, Networks, Seldom } from '#libs/runtime';
import { BotDirectory, type BotRoute } from '#libs/tenants';
import { InboxWriter } from './inbox-writer.js';
import { PreCheckoutDesk } from './pre-checkout.desk.js';

/** Stands for every path that is nobody's: its secret is known to nobody. */
const NOBODY = { secretHash: randomBytes(32), previousSecretHash: null, previousSecretUntil: null };

/** Where Telegram's updates come in: check the secret, store, answer. The work is done elsewhere, except for pre-checkouts. */
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
   * Looks at secret, path and address, before the body is read. The secret is compared by digest, in constant time. A path that is
   * nobody's takes the same way as one whose secret is wrong: the same look-ups, remembered as long, and the same comparison.
   * @param address where the request comes from
   * @returns undefined when it may not come in
   */
  async admit(pathKey: string, secret: unknown, address: string, now: Date): Promise<BotRoute | undefined> {
    const known = await this.directory.byPath(pathKey);
    // The secret may have changed a moment ago, elsewhere.
    const route = holds(known ?? NOBODY, secret, now) ? known : await this.directory.byPath(pathKey, 'recheck');
    if (!holds(route ?? NOBODY, secret, now) || route === undefined) return undefined;
    if (this.networks === undefined || this.networks.has(address)) return route;
    this.strangers.about(now, (times) => this.log.warn(strangeAddress(address, route, times)));
    return undefined;
  }

  /** @returns the HTTP status: 200 means that the update is safe, 400 that it is none, 503 that Telegram should send it again */
  async receive(route: BotRoute, text: string): Promise<200 | 400 | 503> {
    const body = storable(text);
    const update = parse(body);
    const envelope = readEnvelope(update);
    if (envelope === undefined) return 400;
    if (isChatter(update)) return 200;
    if (isPreCheckout(update)) return (await this.desk.answer(route, envelope, update)) ? 200 : 503;
    await this.writer.add({ tenantId: route.tenantId, botId: route.botId, ...envelope, body });
    return 200;
  }
}

const strangeAddress = (address: string, { botId }: BotRoute, times: number) =>
  `An update with the right secret of ${publicId('bot', botId)} was refused: it came from ${address}, which is not in TELEGRAM_NETWORKS ` +
  `(${times} since this was last said). If that is your proxy, name it in TRUSTED_PROXIES. If Telegram has moved, change TELEGRAM_NETWORKS or ` +
  "leave it empty. Otherwise a stranger knows the secret: rotate the bot's token.";

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
