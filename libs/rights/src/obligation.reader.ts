import { Inject, Injectable } from '@nestjs/common';
import { type Room, ROOMS, type Sql, type TenantTx } from '#libs/database';
import { obligationsQuery } from './plan.js';
import { OBLIGATION_KINDS, type ObligationCount, type ObligationRow } from './removal.js';

/** Reads a bot's obligations to Telegram and to its buyers, whether or not it is being removed. */
@Injectable()
export class ObligationReader {
  /** $1 the tenant, $2 the bot, $3 the time. */
  private readonly left: Sql;

  /** @throws Error unless the table cards define every kind of obligation exactly once */
  constructor(@Inject(ROOMS) rooms: readonly Room[]) {
    this.left = leftToEnd(obligationsQuery(rooms, OBLIGATION_KINDS));
  }

  /** Kinds that occur, with their numbers. */
  counts(tx: TenantTx, botId: string, now: Date): Promise<ObligationCount[]> {
    return tx.query<ObligationCount>(
      `${this.left} select kind, (count(*) filter (where failure is null))::int as pending,
         (count(*) filter (where failure is not null))::int as failed
       from left_to_end group by kind order by kind`,
      [tx.tenantId, botId, now],
    );
  }

  /** Failures first. @param which `failed` leaves out obligations that may still end by themselves */
  list(
    tx: TenantTx,
    botId: string,
    { which, limit }: { readonly which: 'all' | 'failed'; readonly limit: number },
    now: Date,
  ): Promise<ObligationRow[]> {
    return tx.query<ObligationRow>(
      `${this.left} select kind, id, left(failure, 500) as failure from left_to_end where $4 = 'all' or failure is not null
       order by failure is null, kind, id limit $5`,
      [tx.tenantId, botId, now, which, limit],
    );
  }

  /** Records, with a removal, the obligations that could not be ended or were no longer waited for. Idempotent. */
  async keep(tx: TenantTx, botId: string, removalId: string, now: Date): Promise<void> {
    await tx.query(
      `${this.left} insert into bot_removal_failures (tenant_id, removal_id, kind, subject, reason)
       select $1, $4::uuid, kind, id, left(coalesce(nullif(failure, ''), 'The removal no longer waited for it.'), 500) from left_to_end
       on conflict (tenant_id, removal_id, kind, subject) do nothing`,
      [tx.tenantId, botId, now, removalId],
    );
  }

  /** The number of subscriptions that are not renewed but still run. */
  async stopped(tx: TenantTx, botId: string): Promise<number> {
    const [row] = await tx.query<{ count: number }>(
      `select count(*)::int as count from subscriptions where tenant_id = $1 and bot_id = $2 and locked and state <> 'ended'`,
      [tx.tenantId, botId],
    );
    return row?.count ?? 0;
  }
}

/** `speaks`: needs a working token. Failed attempts are recorded with the open removal. */
const leftToEnd = (found: Sql) => `
with bot as (
  select token_sealed is null or token_refused_at is not null or state = 'token_invalid' as mute
  from bots where tenant_id = $1 and id = $2
), found as (${found}), tried as (
  select f.kind, f.subject, f.reason
  from bot_removal_failures f join bot_removals r on r.tenant_id = f.tenant_id and r.id = f.removal_id
  where r.tenant_id = $1 and r.bot_id = $2 and r.state <> 'done'
), left_to_end as (
  select found.kind, found.id, coalesce(found.failure, tried.reason,
    case when found.speaks and mute then 'Telegram refuses the token of the bot.' end) as failure
  from found cross join bot left join tried on tried.kind = found.kind and tried.subject = found.id
), given as (select $3::timestamptz)`;
