import { Injectable } from '@nestjs/common';
import type { PlatformTx, TenantTx } from '#libs/database';
import { clip } from '#libs/kernel';
import { BOTS_PER_LOOK, CLAIM_OF_FEW, LANES_PER_VISIT, LOOK, TAKE } from './inbox-look.js';
import { LEASE } from './lease.js';

export interface ClaimedUpdate {
  readonly tenantId: string;
  readonly botId: string;
  readonly updateId: number;
  readonly kind: string;
  readonly body: Record<string, unknown>;
  /** Attempts begun, including this one. */
  readonly attempts: number;
  /** The fencing token: only the holder of the update's latest lease can conclude it. Only a waiting update has one. */
  readonly lease: string;
}

export interface InboxLimits {
  /** Number of updates about money that may be claimed now. */
  readonly money: number;
  /** Number of updates of any kind that may be claimed now, including those about money. */
  readonly any: number;
  /** Updates of one bot that may be in progress; the same number again may be about money. */
  readonly perBot?: number;
  /** Updates that the caller is already handling, by bot. */
  readonly busy?: ReadonlyMap<string, number>;
}

export interface Claim {
  readonly updates: readonly ClaimedUpdate[];
  /** Some waiting updates may not have been considered: claim again soon. */
  readonly more: boolean;
}

const PER_BOT = 4;
const NOBODY: ReadonlyMap<string, number> = new Map();
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** One bot visited during a look. */
interface Visit {
  readonly tenantId: string;
  readonly botId: string;
  /** Number of updates that the bot could still be given. */
  readonly free: number;
  /** Updates that may be claimed. */
  readonly heads: readonly number[];
  /** Lanes read. */
  readonly lanes: number;
  readonly lastLane: string | null;
}

/** The start of the next look. */
interface Place {
  bot: readonly [tenantId: string, botId: string];
  readonly lanes: Map<string, string>;
}

const start = (): Place => ({ bot: [FIRST_ID, FIRST_ID], lanes: new Map() });

/**
 * Chooses the next updates to handle. Updates of one chat (a lane) are handled one after another in the order of
 * arrival; only the first of a lane can be claimed, and while it is in progress or waits for a retry, the others wait
 * behind it. Lanes with money go first. Bots take turns, and so do the lanes of a bot, so that a flood does not delay
 * others; one object remembers whose turn is next.
 */
@Injectable()
export class InboxQueue {
  private readonly money = start();
  private readonly any = start();

  /** Claims updates under a lease. When the lease runs out, the updates of a crashed worker become available again. */
  async claim(tx: PlatformTx, limits: InboxLimits): Promise<Claim> {
    const few = await this.claimOfFew(tx, limits);
    return few === undefined ? this.claimOfMany(tx, limits) : { updates: few, more: false };
  }

  /** @returns undefined when too many updates are waiting to read them all */
  private async claimOfFew(
    tx: PlatformTx,
    { money, any, perBot = PER_BOT, busy = NOBODY }: InboxLimits,
  ): Promise<ClaimedUpdate[] | undefined> {
    const parameters = [money, any, perBot, [...busy.keys()], [...busy.values()]];
    const rows = await tx.query<ClaimedUpdate & { readonly crowded: boolean }>(CLAIM_OF_FEW, parameters);
    if (rows[0]?.crowded === true) return undefined;
    return rows.filter(({ lease }) => lease !== null);
  }

  private async claimOfMany(tx: PlatformTx, limits: InboxLimits): Promise<Claim> {
    const { perBot = PER_BOT, busy = NOBODY } = limits;
    const taken = new Map(busy);
    const money = await this.look(tx, 'money', limits.money, 2 * perBot, taken);
    const any = await this.look(tx, 'any', limits.any - money.found.length, perBot, taken);
    const found = [...new Map([...money.found, ...any.found].map((head) => [head.join(), head])).values()];
    const updates = found.length === 0 ? [] : await this.take(tx, found);
    return { updates, more: updates.length > 0 || money.more || any.more };
  }

  /** Extends the leases of updates that are still in progress. */
  async extend(tx: PlatformTx, updates: readonly ClaimedUpdate[]): Promise<void> {
    await tx.query(
      `update inbox i set lease_until = now() + ${LEASE}
       from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::uuid[]) as u (tenant_id, bot_id, update_id, lease)
       where i.tenant_id = u.tenant_id and i.bot_id = u.bot_id and i.update_id = u.update_id and i.lease = u.lease`,
      keysOf(updates),
    );
  }

  /**
   * Marks the update as handled, in the transaction of its effects.
   * @returns false when another attempt now owns the update: then roll back
   */
  async done(tx: TenantTx, update: ClaimedUpdate, orderId?: string): Promise<boolean> {
    const rows = await tx.query(
      `update inbox set state = 'done', handled_at = now(), lease = null, lease_until = null, error = null,
         order_id = coalesce($5, order_id)
       where tenant_id = $1 and bot_id = $2 and update_id = $3 and lease = $4 returning 1`,
      [tx.tenantId, update.botId, update.updateId, update.lease, orderId ?? null],
    );
    return rows.length === 1;
  }

  /**
   * Does the same as {@link done} for updates of any tenants whose only effects were messages. Updates that another
   * attempt now owns stay with it.
   */
  async doneAll(tx: PlatformTx, updates: readonly ClaimedUpdate[]): Promise<void> {
    await tx.query(
      `update inbox i set state = 'done', handled_at = now(), lease = null, lease_until = null, error = null
       from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::uuid[]) as u (tenant_id, bot_id, update_id, lease)
       where i.tenant_id = u.tenant_id and i.bot_id = u.bot_id and i.update_id = u.update_id and i.lease = u.lease`,
      keysOf(updates),
    );
  }

  /**
   * Records a failed attempt.
   * @param delayMs until the next one; undefined parks the update for staff
   * @param error without secrets
   * @returns false when another attempt now owns the update: nothing was changed, roll back
   */
  async retry(tx: TenantTx, update: ClaimedUpdate, delayMs: number | undefined, error: string): Promise<boolean> {
    const rows = await tx.query(
      `update inbox set lease = null, lease_until = null, error = $5,
         state = case when $6::float8 is null then 'parked' else 'waiting' end,
         due_at = now() + make_interval(secs => coalesce($6::float8, 0) / 1000)
       where tenant_id = $1 and bot_id = $2 and update_id = $3 and lease = $4 returning 1`,
      [tx.tenantId, update.botId, update.updateId, update.lease, clip(error, 1_000), delayMs ?? null],
    );
    return rows.length === 1;
  }

  /**
   * Returns updates as if they had not been claimed: those that were never begun, and those that failed for a reason
   * that has nothing to do with the update. An update that another worker has taken over stays there.
   * @param delayMs until they are due again
   * @param why for staff; must not contain secrets
   */
  async release(
    tx: PlatformTx | TenantTx,
    updates: readonly ClaimedUpdate[],
    delayMs = 0,
    why?: string,
  ): Promise<void> {
    await Promise.all(
      updates.map(({ tenantId, botId, updateId, lease }) =>
        tx.query(
          `update inbox set attempts = attempts - 1, lease = null, lease_until = null, error = coalesce($6, error),
             due_at = case when $5::float8 > 0 then now() + make_interval(secs => $5::float8 / 1000) else due_at end
           where tenant_id = $1 and bot_id = $2 and update_id = $3 and lease = $4`,
          [tenantId, botId, updateId, lease, delayMs, why === undefined ? null : clip(why, 1_000)],
        ),
      ),
    );
  }

  private async look(
    tx: PlatformTx,
    which: 'money' | 'any',
    limit: number,
    perBot: number,
    taken: Map<string, number>,
  ): Promise<{ readonly found: readonly Head[]; readonly more: boolean }> {
    if (limit <= 0) return { found: [], more: false };
    const place = this[which];
    const begun = place.bot;
    const first = await this.visit(tx, which, limit, perBot, taken);
    const cameRound = place.bot[0] === FIRST_ID && begun[0] !== FIRST_ID;
    if (!cameRound || first.found.length >= limit) return first;
    const second = await this.visit(tx, which, limit - first.found.length, perBot, taken);
    return { found: [...first.found, ...second.found], more: first.more || second.more };
  }

  private async visit(
    tx: PlatformTx,
    which: 'money' | 'any',
    limit: number,
    perBot: number,
    taken: Map<string, number>,
  ): Promise<{ readonly found: readonly Head[]; readonly more: boolean }> {
    const place = this[which];
    const visits = await tx.query<Visit>(LOOK[which], [
      ...place.bot,
      limit,
      perBot,
      [...taken.keys()],
      [...taken.values()],
      [...place.lanes.keys()],
      [...place.lanes.values()],
    ]);
    const found = visits.flatMap((v) => v.heads.map((id): Head => [v.tenantId, v.botId, id])).slice(0, limit);
    for (const [, botId] of found) taken.set(botId, (taken.get(botId) ?? 0) + 1);
    const last = visits.at(-1);
    const wentOn = last !== undefined && (visits.length === BOTS_PER_LOOK || found.length === limit);
    place.bot = wentOn ? [last.tenantId, last.botId] : [FIRST_ID, FIRST_ID];
    return { found, more: visits.map((v) => this.keepPlace(place, v)).some(Boolean) || wentOn };
  }

  /** @returns true when this bot has more lanes to look at */
  private keepPlace(place: Place, { botId, free, heads, lanes, lastLane }: Visit): boolean {
    if (free <= 0) return false;
    const beganInTheMiddle = place.lanes.delete(botId);
    const cameToTheEnd = lanes < LANES_PER_VISIT && heads.length < free;
    if (cameToTheEnd || lastLane === null) return beganInTheMiddle;
    place.lanes.set(botId, lastLane);
    return true;
  }

  private take(tx: PlatformTx, heads: readonly Head[]): Promise<ClaimedUpdate[]> {
    return tx.query<ClaimedUpdate>(TAKE, [
      heads.map(([tenantId]) => tenantId),
      heads.map(([, botId]) => botId),
      heads.map(([, , updateId]) => updateId),
    ]);
  }
}

const keysOf = (updates: readonly ClaimedUpdate[]) => [
  updates.map((u) => u.tenantId),
  updates.map((u) => u.botId),
  updates.map((u) => u.updateId),
  updates.map((u) => u.lease),
];

type Head = readonly [tenantId: string, botId: string, updateId: number];
