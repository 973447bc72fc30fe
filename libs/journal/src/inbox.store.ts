import { Injectable } from '@nestjs/common';
import type { PlatformTx, TenantTx } from '#libs/database';
import type { Envelope } from './inbox.js';

export interface IncomingUpdate extends Envelope {
  readonly tenantId: string;
  readonly botId: string;
  /** The update as JSON text, exactly as it came. */
  readonly body: string;
}

export interface ClaimedUpdate {
  readonly tenantId: string;
  readonly botId: string;
  readonly updateId: number;
  readonly kind: string;
  readonly body: Record<string, unknown>;
  /** How many tries have begun, this one included; also the fence against a worker whose lease ran out. */
  readonly attempts: number;
}

/** Lanes of one bot in one claim, so that a bot with a flood of updates does not hide the others. */
const PER_BOT = 4;
const LEASE_SECONDS = 60;

/** What Telegram told us. The primary key (tenant, bot, update_id) makes a repeated delivery harmless. */
@Injectable()
export class InboxStore {
  /** Stores updates of any bots in one statement; those already known are left alone. */
  async store(tx: PlatformTx, updates: readonly IncomingUpdate[]): Promise<void> {
    await tx.query(
      `insert into inbox (tenant_id, bot_id, update_id, lane, kind, body)
       select * from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[], $5::text[], $6::jsonb[])
       on conflict (tenant_id, bot_id, update_id) do nothing`,
      [
        updates.map((u) => u.tenantId),
        updates.map((u) => u.botId),
        updates.map((u) => u.updateId),
        updates.map((u) => u.lane),
        updates.map((u) => u.kind),
        updates.map((u) => u.body),
      ],
    );
  }

  /**
   * Takes the first waiting update of each lane under a lease, a few lanes per bot. While a lane's first update is being worked on
   * or waits for its next try, the rest of that lane waits behind it; a parked update does not hold its lane up.
   */
  claim(tx: PlatformTx, limit: number): Promise<ClaimedUpdate[]> {
    return tx.query<ClaimedUpdate>(CLAIM, [limit]);
  }

  /** Handled, in the transaction of its effects. @returns false when another worker has taken over: then roll back */
  async done(tx: TenantTx, update: ClaimedUpdate, orderId?: string): Promise<boolean> {
    const rows = await tx.query(
      `update inbox set state = 'done', handled_at = now(), lease_until = null, error = null, order_id = coalesce($5, order_id)
       where tenant_id = $1 and bot_id = $2 and update_id = $3 and attempts = $4 and state = 'waiting' returning 1`,
      [tx.tenantId, update.botId, update.updateId, update.attempts, orderId ?? null],
    );
    return rows.length === 1;
  }

  /** The try failed. @param delayMs until the next one; undefined parks the update for staff. @param error without secrets */
  async retry(tx: TenantTx, update: ClaimedUpdate, delayMs: number | undefined, error: string): Promise<void> {
    await tx.query(
      `update inbox set lease_until = null, error = $5,
         state = case when $6::float8 is null then 'parked' else 'waiting' end,
         due_at = now() + make_interval(secs => coalesce($6::float8, 0) / 1000)
       where tenant_id = $1 and bot_id = $2 and update_id = $3 and attempts = $4 and state = 'waiting'`,
      [tx.tenantId, update.botId, update.updateId, update.attempts, error.slice(0, 1_000), delayMs ?? null],
    );
  }

  /** An update that was answered while Telegram waited, stored as handled: it belongs to the order's history. */
  async recordHandled(
    tx: TenantTx,
    botId: string,
    envelope: Envelope,
    body: object,
    orderId: string | undefined,
  ): Promise<void> {
    await tx.query(
      `insert into inbox (tenant_id, bot_id, update_id, lane, kind, body, state, handled_at, order_id)
       values ($1, $2, $3, $4, $5, $6, 'done', now(), $7) on conflict (tenant_id, bot_id, update_id) do nothing`,
      [tx.tenantId, botId, envelope.updateId, envelope.lane, envelope.kind, body, orderId ?? null],
    );
  }
}

// Two loose index scans: from bot to bot, and within a bot from lane to lane, each taking the lane's first waiting update. So a
// claim costs a few index probes per bot, not one per waiting update. Busy lanes are skipped after their head was looked at.
const CLAIM = `
with recursive bot as (
  (select tenant_id, bot_id from inbox where state = 'waiting' order by tenant_id, bot_id limit 1)
  union all
  select n.tenant_id, n.bot_id from bot b cross join lateral (
    select i.tenant_id, i.bot_id from inbox i
    where i.state = 'waiting' and (i.tenant_id, i.bot_id) > (b.tenant_id, b.bot_id)
    order by i.tenant_id, i.bot_id limit 1) n
), head as (
  select h.* from bot b cross join lateral (
    with recursive lane as (
      (select i.lane, i.seq, i.due_at, i.lease_until, i.update_id from inbox i
       where i.state = 'waiting' and i.tenant_id = b.tenant_id and i.bot_id = b.bot_id order by i.lane, i.seq limit 1)
      union all
      select n.* from lane l cross join lateral (
        select i.lane, i.seq, i.due_at, i.lease_until, i.update_id from inbox i
        where i.state = 'waiting' and i.tenant_id = b.tenant_id and i.bot_id = b.bot_id and i.lane > l.lane
        order by i.lane, i.seq limit 1) n
    )
    select b.tenant_id, b.bot_id, lane.update_id from lane
    where lane.due_at <= now() and (lane.lease_until is null or lane.lease_until < now()) limit ${PER_BOT}
  ) h
), taken as (
  select i.tenant_id, i.bot_id, i.update_id from inbox i join head h
    on i.tenant_id = h.tenant_id and i.bot_id = h.bot_id and i.update_id = h.update_id
  where i.state = 'waiting' and i.due_at <= now() and (i.lease_until is null or i.lease_until < now())
  limit $1 for update of i skip locked
)
update inbox set attempts = inbox.attempts + 1, lease_until = now() + interval '${LEASE_SECONDS} seconds'
from taken where inbox.tenant_id = taken.tenant_id and inbox.bot_id = taken.bot_id and inbox.update_id = taken.update_id
returning inbox.tenant_id as "tenantId", inbox.bot_id as "botId", inbox.update_id as "updateId", inbox.kind, inbox.body, inbox.attempts`;
