import { Inject, Injectable } from '@nestjs/common';
import { afterCommit, Database, DatabaseTrouble } from '#libs/database';
import { type Clock, HOUR, publicId, SECOND } from '#libs/kernel';
import { CLOCK, type Grace, ShortMemory } from '#libs/runtime';
import { type OwnText, OwnTexts } from '#libs/texts';
import { SecretBox } from '#libs/vault';
import { isPathKey, tokenPlace } from './bot.js';
import { stateOfBot, stateOfTenant } from './kill-switch.js';
import { OpenBot, type OpenBotFacts } from './open-bot.js';

/** The ingress's facts about a webhook path. */
export interface BotRoute {
  readonly tenantId: string;
  readonly botId: string;
  /** SHA-256 of the secret that Telegram sends with each update. */
  readonly secretHash: Buffer;
  /** The former secret, valid until `previousSecretUntil`; both are null when there is none. */
  readonly previousSecretHash: Buffer | null;
  readonly previousSecretUntil: Date | null;
}

const LIFETIME = 5 * SECOND;
const MOST = 10_000;
/** Buyers can be told that paying does not work now while the database is away, for as long as updates arrive. */
const GRACE: Grace = { keptMs: HOUR, covers: (failure) => failure instanceof DatabaseTrouble };
const FAR_FUTURE = new Date('9999-12-31T00:00:00Z');

const ROUTE = `
select owner_tenant as "tenantId", bot_id as "botId", secret_hash as "secretHash",
       previous_secret_hash as "previousSecretHash", previous_secret_until as "previousSecretUntil"
from bot_routes where path_key = $1`;

const OPEN = `
select b.tenant_id as "tenantId", b.id as "botId", b.telegram_id as "telegramId", b.environment, b.username, b.info,
       ${stateOfBot('b')} as state, ${stateOfTenant('b', 't')} as "tenantState", b.support_text as "supportText", b.terms_text as "termsText", b.terms_version as "termsVersion", b.token_sealed as sealed,
       (select json_agg(json_build_object('productId', x.product_id, 'language', x.language, 'key', x.key, 'text', x.text))
        from bot_texts x where x.tenant_id = b.tenant_id and x.bot_id = b.id) as texts
from bots b join tenants t on t.id = b.tenant_id
where b.tenant_id = $1 and b.id = $2 and b.token_sealed is not null`;

const keyOf = (tenantId: string, botId: string) => `${tenantId}/${botId}`;

type SealedRow = OpenBotFacts & { readonly sealed: Buffer; readonly texts: readonly OwnText[] | null };

/**
 * Finds bots on the hot paths. Cached for five seconds, or for one second if something blocks them, so changes by other
 * processes take effect within that time. While the database is unavailable, the last known facts stay valid.
 */
@Injectable()
export class BotDirectory {
  // Unknown paths are cached as well: the response time must not reveal whether a path exists.
  private readonly routes = this.memory<{ readonly route: BotRoute | undefined }>();
  private readonly tests = this.memory<ReadonlySet<string>>();
  private readonly bots = this.memory<OpenBot>();

  constructor(
    private readonly db: Database,
    private readonly box: SecretBox,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Returns the bot of a webhook path; undefined for an unknown path.
   * @param freshness `recheck` when the secret does not match: another process may just have rotated it. Reads the
   * route again, but at most once a second, so that guessed secrets do not reach the database.
   */
  async byPath(pathKey: string, freshness: 'remembered' | 'recheck' = 'remembered'): Promise<BotRoute | undefined> {
    if (!isPathKey(pathKey)) return undefined;
    const youngerThan = freshness === 'recheck' ? SECOND : LIFETIME;
    const load = async () => ({ route: await this.loadRoute(pathKey) });
    return (await this.routes.get(pathKey, load, youngerThan))?.route;
  }

  /** Returns a bot with its token, in any state; undefined if it does not exist or no longer has a token. */
  async open(tenantId: string, botId: string): Promise<OpenBot | undefined> {
    const [key, load] = [keyOf(tenantId, botId), () => this.loadBot(tenantId, botId)];
    const bot = await this.bots.get(key, load);
    // Jobs are woken when a bot can continue. An older cached state must not make them wait again.
    return bot?.isHeldUp === true ? this.bots.get(key, load, SECOND) : bot;
  }

  /**
   * The public ids of the tenant's bots in Telegram's test environment, whose Stars are not real even on a live
   * platform.
   */
  async testBots(tenantId: string): Promise<ReadonlySet<string>> {
    const known = await this.tests.get(tenantId, async () => {
      const query = `select id from bots where tenant_id = $1 and environment = 'test'`;
      const rows = await this.db.inTenant(tenantId, (tx) => tx.query<{ id: string }>(query, [tenantId]));
      return new Set(rows.map(({ id }) => publicId('bot', id)));
    });
    return known ?? new Set();
  }

  /** Drops a cached bot. Call it after a committed change; other processes follow within five seconds. */
  forget(botId: string): void {
    afterCommit(() => {
      this.bots.forget((key) => key.endsWith(botId));
      this.tests.forget(() => true);
      // Changes are rare and reading paths again is cheap.
      this.routes.forget(() => true);
    });
  }

  /** Drops a workspace's cached bots. Call it after a committed change. */
  forgetTenant(tenantId: string): void {
    afterCommit(() => this.bots.forget((key) => key.startsWith(tenantId)));
  }

  private memory<Value>(): ShortMemory<Value> {
    return new ShortMemory(LIFETIME, MOST, () => this.clock.now(), GRACE);
  }

  private async loadRoute(pathKey: string): Promise<BotRoute | undefined> {
    const rows = await this.db.inPlatform('find the bot of a webhook path', (tx) =>
      tx.query<BotRoute>(ROUTE, [pathKey]),
    );
    const row = rows[0];
    if (row === undefined) return undefined;
    // A payment can then be answered even if the database goes away before the bot's first one.
    if (!this.bots.has(keyOf(row.tenantId, row.botId))) void this.open(row.tenantId, row.botId).catch(() => undefined);
    const { previousSecretHash: previous, previousSecretUntil: until } = row;
    // A former secret without an end waits for Telegram to confirm the new one.
    return { ...row, previousSecretUntil: previous === null ? null : (until ?? FAR_FUTURE) };
  }

  private async loadBot(tenantId: string, botId: string): Promise<OpenBot | undefined> {
    return this.db.inTenant(tenantId, async (tx) => {
      const rows = await tx.query<SealedRow>(OPEN, [tenantId, botId]);
      const row = rows[0];
      if (row === undefined) return undefined;
      const facts = { ...row, ownTexts: new OwnTexts(row.texts ?? []) };
      return new OpenBot(facts, await this.box.open(tx, row.sealed, tokenPlace(botId)));
    });
  }
}
