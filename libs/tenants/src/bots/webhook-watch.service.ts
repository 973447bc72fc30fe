import { Inject, Injectable } from '@nestjs/common';
import { Database, DatabaseTrouble, type TenantTx } from '#libs/database';
import { EventStore } from '#libs/journal';
import { clip, type Clock, MINUTE } from '#libs/kernel';
import { CLOCK, redact } from '#libs/runtime';
import { BotService, type WebhookFacts } from './bot.service.js';
import { webhookNews, webhookProblem, webhookTroubleView } from './webhook-look.js';

/** Maximum age of a check. */
const LOOK_EVERY_MS = 10 * MINUTE;
/** Bots checked in one round; there is a round every half minute, so few calls at a time and never a burst. */
const PER_ROUND = 100;

interface Watched {
  readonly tenantId: string;
  readonly botId: string;
}

/** Regularly checks every bot's webhook at Telegram, stores the result, and fixes what can be fixed. */
@Injectable()
export class WebhookWatch {
  constructor(
    private readonly db: Database,
    private readonly bots: BotService,
    private readonly events: EventStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Checks the bots with the oldest checks. Processes may do so concurrently.
   * @param stop no further check starts once it is aborted
   * @returns the number of bots claimed
   */
  async round(stop?: AbortSignal): Promise<number> {
    const now = this.clock.now();
    // Claimed by storing the time of the check beforehand: other processes skip them, and a crash costs one check.
    const due = await this.db.inPlatform('bots whose webhook was not looked at for a while', (tx) =>
      tx.query<Watched>(
        `insert into webhook_looks as w (tenant_id, bot_id, looked_at)
         select b.tenant_id, b.id, $1 from bots b left join webhook_looks l on l.tenant_id = b.tenant_id and l.bot_id = b.id
         where b.state in ('active', 'paused', 'removing') and (l.looked_at is null or l.looked_at < $2)
         order by l.looked_at nulls first limit ${PER_ROUND}
         on conflict (tenant_id, bot_id) do update set looked_at = excluded.looked_at where w.looked_at < $2
         returning tenant_id as "tenantId", bot_id as "botId"`,
        [now, new Date(now.getTime() - LOOK_EVERY_MS)],
      ),
    );
    for (const bot of due) if (!stop?.aborted) await this.look(bot.tenantId, bot.botId);
    return due.length;
  }

  /** Checks one bot now. @throws NotFound when it is another workspace's */
  async look(tenantId: string, botId: string): Promise<void> {
    const { username } = await this.bots.get(tenantId, botId);
    const now = this.clock.now();
    let said: WebhookFacts;
    try {
      said = await this.bots.webhook(tenantId, botId);
      // It was set by a version that needed fewer kinds of updates.
      if (webhookProblem(said, now) === 'deaf') said = await this.bots.renewWebhook(tenantId, botId);
    } catch (error) {
      if (error instanceof DatabaseTrouble) throw error;
      const why = clip(redact(error instanceof Error ? error.message : String(error)), 500);
      const nothing = { host: null, pendingUpdates: null, lastErrorAt: null };
      return this.keep({ tenantId, botId, username }, 'unreadable', { ...nothing, lastError: why }, now);
    }
    await this.keep({ tenantId, botId, username }, webhookProblem(said, now) ?? null, said, now);
  }

  /** A continuing problem keeps its original time. The creator is told when one begins, and when it is over. */
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

interface SeenBot extends Watched {
  readonly username: string;
}

type Said = Pick<WebhookFacts, 'host' | 'lastError' | 'lastErrorAt'> & { readonly pendingUpdates: number | null };

/** The row stays locked. @returns since when the problem exists, and which one the creator was told of */
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
