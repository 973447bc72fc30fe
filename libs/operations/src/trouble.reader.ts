import { Injectable } from '@nestjs/common';
import type { PlatformTx } from '#libs/database';
import { type Trouble, TROUBLE_RULES, type TroubleKind, TROUBLES } from './trouble.js';

export interface TroubleFilter {
  readonly tenantId?: string | undefined;
  readonly limit: number;
}

/** A count stops here: whoever sees it knows enough. */
const MOST_COUNTED = 1_000;

/** Finds what is stuck, in all workspaces, oldest first. Every search begins in a partial index that holds nothing else. */
@Injectable()
export class TroubleReader {
  /** @returns one more than `limit` when there are more */
  list(tx: PlatformTx, kind: TroubleKind, { tenantId, limit }: TroubleFilter, now: Date): Promise<Trouble[]> {
    return tx.query<Trouble>(
      `select * from (${SEARCHES[kind]}) found where $2::uuid is null or "tenantId" = $2
       order by since, "tenantId", subject limit $3`,
      [sinceOf(kind, now), tenantId ?? null, limit + 1],
    );
  }

  /** How many of each kind, {@link MOST_COUNTED} at most, and since when. */
  async counts(tx: PlatformTx, now: Date): Promise<Array<{ kind: TroubleKind; count: number; oldest: Date | null }>> {
    // One behind the other on the wire, and none waits for the other's answer.
    return Promise.all(
      TROUBLES.map(async (kind) => {
        const [row] = await tx.query<{ count: number; oldest: Date | null }>(
          `select count(*)::int as count, min(since) as oldest
           from (select since from (${SEARCHES[kind]}) found limit ${MOST_COUNTED}) counted`,
          [sinceOf(kind, now)],
        );
        return { kind, count: row?.count ?? 0, oldest: row?.oldest ?? null };
      }),
    );
  }
}

const sinceOf = (kind: TroubleKind, now: Date) => new Date(now.getTime() - TROUBLE_RULES[kind].after);

/** $1: what began before this moment is stuck. */
const SEARCHES: Readonly<Record<TroubleKind, string>> = {
  parked_updates: `
    select tenant_id as "tenantId", bot_id as "botId", update_id::text as subject, kind as detail, error, received_at as since
    from inbox where state = 'parked' and received_at <= $1`,
  parked_jobs: `
    select tenant_id as "tenantId", null::uuid as "botId", subject::text, kind as detail, error, created_at as since
    from jobs where state = 'parked' and created_at <= $1`,
  overdue_jobs: `
    select tenant_id as "tenantId", null::uuid as "botId", subject::text, kind as detail, error, due_at as since
    from jobs where state = 'waiting' and lease is null and due_at <= $1`,
  // What is made by the creator's server is late when its deadline has passed; everything else after its time.
  stuck_orders: `
    select o.tenant_id as "tenantId", o.bot_id as "botId", o.id::text as subject, o.delivery as detail,
      coalesce(f.last_error, o.delivery_error) as error, coalesce(f.deadline_at, o.paid_at) as since
    from orders o left join fulfilments f on f.tenant_id = o.tenant_id and f.order_id = o.id and f.state <> 'ready'
    where o.state = 'paid' and o.delivery in ('waiting', 'generating') and o.paid_at <= $1
      and (f.deadline_at is null or f.deadline_at <= now())`,
  stuck_refunds: `
    select r.tenant_id as "tenantId", c.bot_id as "botId", r.id::text as subject, r.state as detail, r.failure as error,
      r.created_at as since
    from refunds r join charges c on c.tenant_id = r.tenant_id and c.id = r.charge_id
    where r.state in ('requested', 'sent', 'unknown') and r.created_at <= $1`,
  failing_endpoints: `
    select tenant_id as "tenantId", null::uuid as "botId", id::text as subject, state as detail, disabled_because as error,
      failing_since as since
    from endpoints where failing_since is not null and failing_since <= $1`,
  sick_webhooks: `
    select w.tenant_id as "tenantId", w.bot_id as "botId", w.bot_id::text as subject, w.problem as detail, w.last_error as error, w.since
    from webhook_looks w join bots b on b.tenant_id = w.tenant_id and b.id = w.bot_id and b.state in ('active', 'paused', 'removing')
    where w.problem is not null and w.since <= $1`,
  differences: `
    select c.tenant_id as "tenantId", c.bot_id as "botId", c.bot_id::text as subject, 'unexplained ' || r.unexplained as detail,
      nullif(concat_ws(', ',
        case when r.unknown_there > 0 then r.unknown_there || ' charges that Telegram does not list' end,
        case when r.unknown_here > 0 then r.unknown_here || ' transactions that cannot be recorded' end), '') as error,
      c.differs_since as since
    from star_cursors c join lateral (
      select * from reconciliations r where r.tenant_id = c.tenant_id and r.bot_id = c.bot_id and r.state = 'succeeded'
      order by r.id desc limit 1
    ) r on true
    where c.differs_since is not null and c.differs_since <= $1`,
  // Also one that does not end.
  failing_comparisons: `
    select c.tenant_id as "tenantId", c.bot_id as "botId", c.bot_id::text as subject, 'last success ' || coalesce(
        (select r.finished_at::text from reconciliations r where r.tenant_id = c.tenant_id and r.bot_id = c.bot_id
           and r.state = 'succeeded' order by r.id desc limit 1), 'never') as detail,
      (select r.error from reconciliations r where r.tenant_id = c.tenant_id and r.bot_id = c.bot_id and r.state = 'failed'
       order by r.id desc limit 1) as error,
      c.failing_since as since
    from star_cursors c join bots b on b.tenant_id = c.tenant_id and b.id = c.bot_id and b.state in ('active', 'paused', 'removing')
    where c.failing_since is not null and c.failing_since <= $1
    union all
    select r.tenant_id, r.bot_id, r.bot_id::text, 'running, ' || r.rows_read || ' rows read', null, r.started_at
    from reconciliations r join bots b on b.tenant_id = r.tenant_id and b.id = r.bot_id and b.state in ('active', 'paused', 'removing')
    where r.state = 'running' and r.started_at <= $1`,
  // Only where it matters: access is sold, or somebody has it.
  chats_without_rights: `
    select c.tenant_id as "tenantId", c.bot_id as "botId", c.id::text as subject, c.standing as detail,
      concat_ws(', ', case when not c.can_invite then 'can_invite_users' end, case when not c.can_remove then 'can_restrict_members' end,
        case when c.username is not null and not c.join_by_request then 'open_to_anybody' end) as error, c.lacking_since as since
    from chats c join bots b on b.tenant_id = c.tenant_id and b.id = c.bot_id and b.state in ('active', 'paused', 'removing')
    where c.lacking_since is not null and c.lacking_since <= $1
      and (exists (select from products p where p.tenant_id = c.tenant_id and p.chat_id = c.id and p.state = 'active')
        or exists (select from chat_accesses a where a.tenant_id = c.tenant_id and a.chat_id = c.id and a.state <> 'ended'))`,
  stopped_bots: `
    select tenant_id as "tenantId", id as "botId", id::text as subject, state as detail, stopped_because as error, stopped_at as since
    from bots where stopped_at is not null and stopped_at <= $1 and state <> 'removed'`,
  stuck_removals: `
    select r.tenant_id as "tenantId", r.bot_id as "botId", r.bot_id::text as subject, r.state as detail,
      (select j.error from jobs j where j.tenant_id = r.tenant_id and j.kind = 'bot.remove' and j.subject = r.bot_id) as error,
      r.created_at as since
    from bot_removals r where r.state <> 'done' and r.created_at <= $1`,
  failed_accesses: `
    select tenant_id as "tenantId", bot_id as "botId", id::text as subject, state as detail, failure as error, failed_at as since
    from chat_accesses where failed_at is not null and failed_at <= $1 and state <> 'ended'`,
};
