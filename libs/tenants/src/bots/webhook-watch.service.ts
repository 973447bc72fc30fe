import { Inject, Injectable } from '@nestjs/common';
import { Database, DatabaseTrouble, type PlatformTx, type TenantTx } from '#libs/database';
import { EventStore } from '#libs/journal';
import { clip, type Clock, HOUR, MINUTE, someAtOnce } from '#libs/kernel';
import { CLOCK, messageOf } from '#libs/runtime';
import { type BotKey, nextCheck } from './bot-activity.js';
import { BotService, type WebhookFacts } from './bot.service.js';
import { webhookNews, webhookProblem, webhookTroubleView } from './webhook-look.js';

/** Milliseconds between two checks of an active bot. */
const LOOK_EVERY_MS = 10 * MINUTE;
/** Bots checked in one round, and at the same time; there is a round every half minute. */
const PER_ROUND = 500;
const AT_ONCE = 8;
/**
 * New bots are found by the time of their last change; all bots are scanned at the start and this often (milliseconds).
 */
const CHANGED_WITHIN_MS = 10 * MINUTE;
const ALL_EVERY_MS = HOUR;

/**
 * Checks bots' webhooks at Telegram, stores the result, and fixes what can be fixed: every ten minutes while a bot has traffic, and once a
 * day otherwise.
 */
@Injectable()
export class WebhookWatch {
  private allSeenAt = 0;

  constructor(
    private readonly db: Database,
    private readonly bots: BotService,
    private readonly events: EventStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Checks the bots with the oldest checks. Several processes may do so concurrently.
   * @param stop no further check starts once it is aborted
   * @returns the number of bots claimed
   */
  async round(stop?: AbortSignal): Promise<number> {
    const now = this.clock.now();
    const due = await this.db.inPlatform('bots whose webhook check is due', async (tx) => {
      await this.welcome(tx, now);
      return claim(tx, now);
    });
    await someAtOnce(due, AT_ONCE, stop, ({ tenantId, botId }) => this.look(tenantId, botId));
    return due.length;
  }

  /** Records that these bots have traffic: their next check is due as for active bots. */
  async noteActive(tx: PlatformTx, bots: readonly BotKey[], now: Date): Promise<void> {
    await tx.query(
      `update webhook_looks w set active_at = $3, due_at = least(w.due_at, w.looked_at + interval '${LOOK_EVERY_MS} milliseconds')
       from unnest($1::uuid[], $2::uuid[]) as a (tenant_id, bot_id) where w.tenant_id = a.tenant_id and w.bot_id = a.bot_id`,
      [bots.map((bot) => bot.tenantId), bots.map((bot) => bot.botId), now],
    );
  }

  /** Schedules the first check of bots that have none. */
  private async welcome(tx: PlatformTx, now: Date): Promise<void> {
    const all = now.getTime() - this.allSeenAt >= ALL_EVERY_MS;
    if (all) this.allSeenAt = now.getTime();
    await tx.query(
      `insert into webhook_looks (tenant_id, bot_id, looked_at, due_at)
       select b.tenant_id, b.id, $1, $1 from bots b
       where b.state in ('active', 'paused', 'removing') and ${all ? '$2::timestamptz is not null' : 'b.updated_at > $2'} and not exists (
         select from webhook_looks l where l.tenant_id = b.tenant_id and l.bot_id = b.id)
       on conflict (tenant_id, bot_id) do nothing`,
      [now, new Date(now.getTime() - CHANGED_WITHIN_MS)],
    );
  }

  /** Checks one bot now. @throws NotFound when it is another workspace's */
  async look(tenantId: string, botId: string): Promise<void> {
    const { username } = await this.bots.get(tenantId, botId);
    const now = this.clock.now();
    let said: WebhookFacts;
    try {
      said = await this.bots.webhook(tenantId, botId);
      // It was set by a version that needed fewer types of updates.
      if (webhookProblem(said, now) === 'deaf') said = await this.bots.renewWebhook(tenantId, botId);
    } catch (error) {
      if (error instanceof DatabaseTrouble) throw error;
      const why = clip(messageOf(error), 500);
      const nothing = { host: null, pendingUpdates: null, lastErrorAt: null };
      return this.keep({ tenantId, botId, username }, 'unreadable', { ...nothing, lastError: why }, now);
    }
    await this.keep({ tenantId, botId, username }, webhookProblem(said, now) ?? null, said, now);
  }

  /**
   * Stores the state of a webhook. A continuing problem keeps its original time. The creator is told when it begins and
   * when it ends.
   */
  private async keep(bot: SeenBot, problem: string | null, said: Said, now: Date): Promise<void> {
    const { tenantId, botId, username } = bot;
    await this.db.inTenant(tenantId, async (tx) => {
      const { since, told } = await storeCheck(tx, botId, problem, said, now);
      const news = webhookNews(told, problem);
      if (news === undefined) return;
      await tx.query('update webhook_looks set told = $3 where tenant_id = $1 and bot_id = $2', [
        tenantId,
        botId,
        problem,
      ]);
      const data = webhookTroubleView({ ...said, botId, username, problem, since });
      await this.events.record(tx, { type: `bot.webhook_${news}`, botId, data });
    });
  }
}

/**
 * Claims webhooks by storing the time of their next check beforehand: other processes skip them, and a crash costs one
 * check.
 */
async function claim(tx: PlatformTx, now: Date): Promise<BotKey[]> {
  const claimed = await tx.query<BotKey & { readonly works: boolean }>(
    `update webhook_looks w set looked_at = $1,
       due_at = $1::timestamptz + ${nextCheck("w.active_at > $1::timestamptz - interval '1 day'", LOOK_EVERY_MS)}
     from (
       select l.tenant_id, l.bot_id, b.state from webhook_looks l join bots b on b.tenant_id = l.tenant_id and b.id = l.bot_id
       where l.due_at <= $1 order by l.due_at limit ${PER_ROUND} for update of l skip locked
     ) d where w.tenant_id = d.tenant_id and w.bot_id = d.bot_id
     returning w.tenant_id as "tenantId", w.bot_id as "botId", d.state in ('active', 'paused', 'removing') as works`,
    [now],
  );
  return claimed.filter((bot) => bot.works);
}

interface SeenBot extends BotKey {
  readonly username: string;
}

type Said = Pick<WebhookFacts, 'host' | 'lastError' | 'lastErrorAt'> & { readonly pendingUpdates: number | null };

/**
 * Stores a check; the row stays locked. @returns the time since which the problem has existed, and the problem that the
 * creator was told about
 */
async function storeCheck(tx: TenantTx, botId: string, problem: string | null, said: Said, now: Date) {
  const rows = await tx.query<{ since: Date | null; told: string | null }>(
    `insert into webhook_looks as w
       (tenant_id, bot_id, looked_at, problem, since, host, pending_updates, last_error, last_error_at)
     values ($1, $2, $3, $4, case when $4::text is null then null else $3::timestamptz end, $5, $6, $7, $8)
     on conflict (tenant_id, bot_id) do update set looked_at = excluded.looked_at, problem = excluded.problem,
       since = case when excluded.problem is null then null else coalesce(w.since, excluded.since) end, host = excluded.host,
       pending_updates = excluded.pending_updates, last_error = excluded.last_error, last_error_at = excluded.last_error_at
     returning since, told`,
    [
      tx.tenantId,
      botId,
      now,
      problem,
      said.host,
      said.pendingUpdates,
      said.lastError && clip(said.lastError, 500),
      said.lastErrorAt,
    ],
  );
  return rows[0] ?? { since: null, told: null };
}
