import { Injectable } from '@nestjs/common';
import { Not } from 'typeorm';
import type { UserFromGetMe } from 'grammy/types';
import { type Cursor, type PlatformTx, seek, type TenantTx } from '#libs/database';
import { newUuid, NotFound } from '#libs/kernel';
import { Quotas } from '#libs/quotas';
import { BotRow, BotRouteRow } from './bot.entity.js';
import { type BotEnvironment, type BotState, isFresh } from './bot.js';
import { BotAlreadyRegistered, BotNotInState, BotTaken, RegistrationInProgress } from './bot-refusals.js';

/** The stored facts about a bot's token, and Telegram's response to it. */
export interface Credentials {
  readonly info: UserFromGetMe;
  readonly environment: BotEnvironment;
  readonly tokenLast4: string;
  /** Called in the transaction that stores it. */
  readonly seal: (tx: TenantTx, botId: string) => Promise<Buffer>;
}

/** A bot's identity at Telegram. */
interface TelegramName {
  readonly environment: BotEnvironment;
  readonly telegramId: number;
}

export interface NewRoute {
  readonly pathKey: string;
  readonly secretHash: Buffer;
}

/** Bots and their routes. Lock order: the route, then its bot. */
@Injectable()
export class BotStore {
  constructor(private readonly quotas: Quotas) {}

  /** Locks the bot for this transaction. @throws NotFound for an unknown bot and for one that is being registered */
  async lock(tx: TenantTx, botId: string): Promise<BotRow> {
    const bot = await this.lockIfAny(tx, botId);
    if (bot === null || bot.state === 'registering') throw new NotFound('bot');
    return bot;
  }

  lockIfAny(tx: TenantTx, botId: string): Promise<BotRow | null> {
    return tx.manager.findOne(BotRow, {
      where: { tenantId: tx.tenantId, id: botId },
      lock: { mode: 'pessimistic_write' },
    });
  }

  async get(tx: TenantTx, botId: string): Promise<BotRow> {
    const bot = await tx.manager.findOneBy(BotRow, { tenantId: tx.tenantId, id: botId });
    if (bot === null || bot.state === 'registering') throw new NotFound('bot');
    return bot;
  }

  /** Newest first. Removed bots are left out; each can still be read by its id. */
  list(tx: TenantTx, limit: number, cursor: Cursor): Promise<BotRow[]> {
    const query = tx.manager
      .createQueryBuilder(BotRow, 'bot')
      .where('bot.tenant_id = :tenantId', { tenantId: tx.tenantId })
      .andWhere("bot.state not in ('registering', 'removed')");
    return seek(query, 'bot.id', cursor).limit(limit).getMany();
  }

  /** Every bot that is not removed, including those that are being registered. */
  all(tx: TenantTx): Promise<BotRow[]> {
    return tx.manager.findBy(BotRow, { tenantId: tx.tenantId, state: Not('removed') });
  }

  async sealedToken(tx: TenantTx, botId: string): Promise<Buffer | undefined> {
    const rows = await tx.query<{ sealed: Buffer | null }>(
      'select token_sealed as sealed from bots where tenant_id = $1 and id = $2',
      [tx.tenantId, botId],
    );
    return rows[0]?.sealed ?? undefined;
  }

  /** Begins the removal. The caller holds its lock. */
  async beginRemoval(tx: TenantTx, { id, state }: BotRow, now: Date): Promise<void> {
    const tokenRefusedAt = state === 'token_invalid' ? now : null;
    const changes = { state: 'removing', removingSince: now, tokenRefusedAt, updatedAt: now } as const;
    await tx.manager.update(BotRow, { tenantId: tx.tenantId, id }, changes);
  }

  /** Records that Telegram refused the token of a bot that is being removed. The caller holds its lock. */
  async refuseToken(tx: TenantTx, id: string, now: Date): Promise<void> {
    await tx.manager.update(BotRow, { tenantId: tx.tenantId, id }, { tokenRefusedAt: now });
  }

  async move(tx: TenantTx, botId: string, state: BotState, now: Date): Promise<void> {
    await tx.manager.update(BotRow, { tenantId: tx.tenantId, id: botId }, { state, updatedAt: now });
  }

  /**
   * Claims a Telegram bot for a tenant, before Telegram is called. The unique route decides between concurrent tenants.
   * @returns the bot's id, the old one when the tenant had it before
   * @throws BotTaken, BotAlreadyRegistered, RegistrationInProgress or QuotaExhausted
   */
  async claim(tx: PlatformTx, tenantId: string, credentials: Credentials, route: NewRoute, now: Date): Promise<string> {
    const { environment, info } = credentials;
    const named = { environment, telegramId: info.id };
    await this.clearTheWay(tx, tenantId, named, now);
    const botId = await this.claimRow(tx, tenantId, credentials, now);
    // Waits for a concurrent transaction that claims the same bot.
    const made = await tx.query(
      `insert into bot_routes (path_key, environment, telegram_id, owner_tenant, bot_id, secret_hash)
       values ($1, $2, $3, $4, $5, $6)
       on conflict (environment, telegram_id) do nothing returning 1`,
      [route.pathKey, environment, info.id, tenantId, botId, route.secretHash],
    );
    if (made.length === 0) throw new BotTaken();
    return botId;
  }

  /** Turns the claim into a bot. @returns undefined when the claim has expired or was released */
  async confirm(tx: PlatformTx, pathKey: string, now: Date): Promise<BotRow | undefined> {
    const route = await this.lockRoute(tx, { pathKey });
    if (route === undefined) return undefined;
    const key = { tenantId: route.ownerTenant, id: route.botId };
    await tx.manager.update(BotRow, { ...key, state: 'registering' }, { state: 'active', updatedAt: now });
    return tx.manager.findOneByOrFail(BotRow, key);
  }

  /** Deletes a route, with token and path. @returns true when there was one */
  async release(tx: PlatformTx, pathKey: string, now: Date): Promise<boolean> {
    const route = await this.lockRoute(tx, { pathKey });
    if (route === undefined) return false;
    await tx.manager.delete(BotRouteRow, { pathKey });
    await tx.manager.update(
      BotRow,
      { tenantId: route.ownerTenant, id: route.botId },
      { state: 'removed', tokenSealed: null, removingSince: null, tokenRefusedAt: null, updatedAt: now },
    );
    return true;
  }

  /** Locks a bot's route for this transaction. */
  async lockRoute(
    tx: PlatformTx,
    where: { pathKey: string } | TelegramName | { ownerTenant: string; botId: string },
  ): Promise<BotRouteRow | undefined> {
    const route = await tx.manager.findOne(BotRouteRow, { where, lock: { mode: 'pessimistic_write' } });
    return route ?? undefined;
  }

  /** Stores everything that changes with a token. The state stays. */
  async storeCredentials(tx: PlatformTx, bot: BotRow, { info, tokenLast4, seal }: Credentials, now: Date) {
    const tokenSealed = await seal(tx.asTenant(bot.tenantId), bot.id);
    await tx.manager.update(
      BotRow,
      { tenantId: bot.tenantId, id: bot.id },
      { ...namesIn(info), tokenSealed, tokenLast4, updatedAt: now },
    );
  }

  private async clearTheWay(tx: PlatformTx, tenantId: string, named: TelegramName, now: Date): Promise<void> {
    const route = await this.lockRoute(tx, named);
    if (route === undefined) return;
    const holder = await tx.manager.findOneByOrFail(BotRow, { tenantId: route.ownerTenant, id: route.botId });
    const cutOff = holder.state === 'registering' && !isFresh(holder.updatedAt, now);
    if (cutOff) await this.release(tx, route.pathKey, now);
    else if (route.ownerTenant !== tenantId) throw new BotTaken();
  }

  private async claimRow(tx: PlatformTx, tenantId: string, credentials: Credentials, now: Date): Promise<string> {
    const { info, environment, tokenLast4, seal } = credentials;
    const known = await tx.manager.findOne(BotRow, {
      where: { tenantId, environment, telegramId: info.id },
      lock: { mode: 'pessimistic_write' },
    });
    if (known?.state === 'removing') throw new BotNotInState(known.state);
    if (known !== null && known.state !== 'removed') {
      throw known.state === 'registering' ? new RegistrationInProgress() : new BotAlreadyRegistered();
    }
    await this.quotas.require(tx.asTenant(tenantId), 'bots');
    if (known !== null) {
      await this.storeCredentials(tx, known, credentials, now);
      await this.move(tx.asTenant(tenantId), known.id, 'registering', now);
      return known.id;
    }
    const id = newUuid();
    const { username, name } = namesIn(info);
    const sealed = await seal(tx.asTenant(tenantId), id);
    const made = await tx.query(
      `insert into bots (tenant_id, id, environment, telegram_id, username, name, info, token_sealed, token_last4, state,
         created_at, updated_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'registering', $10, $10)
       on conflict (tenant_id, environment, telegram_id) do nothing returning 1`,
      [tenantId, id, environment, info.id, username, name, info, sealed, tokenLast4, now],
    );
    if (made.length === 0) throw new RegistrationInProgress();
    return id;
  }
}

const namesIn = (info: UserFromGetMe) => ({ info, username: info.username, name: info.first_name });
