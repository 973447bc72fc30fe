import { Injectable } from '@nestjs/common';
import type { PlatformTx } from '#libs/database';
import { NotFound } from '#libs/kernel';
import { BotRow, BotRouteRow } from './bot.entity.js';
import { isFresh, SECRET_OVERLAP } from './bot.js';
import { RotationInProgress } from './bot-refusals.js';
import { BotStore, type Credentials } from './bot.store.js';

/** The state before a rotation. */
export interface BeforeRotation {
  readonly route: BotRouteRow;
  readonly bot: BotRow;
  readonly tokenSealed: Buffer | undefined;
}

/**
 * The steps of a rotation. From `begin` to `confirm` the former secret has no end, because it is unknown which of the
 * two Telegram uses. Every later step uses the new secret's hash and does nothing when another rotation has taken over.
 */
@Injectable()
export class RotationStore {
  constructor(private readonly bots: BotStore) {}

  /** @throws NotFound when the bot has no route, RotationInProgress when another request is rotating it */
  async begin(
    tx: PlatformTx,
    { tenantId, id: botId }: BotRow,
    credentials: Credentials,
    secretHash: Buffer,
    now: Date,
  ): Promise<BeforeRotation> {
    const route = await this.bots.lockRoute(tx, { ownerTenant: tenantId, botId });
    if (route === undefined) throw new NotFound('bot');
    if (isFresh(route.rotatingSince, now)) throw new RotationInProgress();
    const bot = await this.bots.lock(tx.asTenant(tenantId), botId);
    const tokenSealed = await this.bots.sealedToken(tx.asTenant(tenantId), botId);
    // While an earlier rotation is unconfirmed, the secret before it is the one that Telegram is known to have had.
    const unconfirmed = route.previousSecretHash !== null && route.previousSecretUntil === null;
    const previousSecretHash = unconfirmed ? route.previousSecretHash : route.secretHash;
    await tx.manager.update(
      BotRouteRow,
      { pathKey: route.pathKey },
      { secretHash, previousSecretHash, previousSecretUntil: null, rotatingSince: now },
    );
    await this.bots.storeCredentials(tx, bot, credentials, now);
    return { route, bot, tokenSealed };
  }

  /** Completes a rotation: Telegram has the new secret. */
  async confirm(
    tx: PlatformTx,
    { route, bot }: BeforeRotation,
    secretHash: Buffer,
    now: Date,
  ): Promise<BotRow | 'removed' | 'overtaken'> {
    const current = await this.bots.lockRoute(tx, { pathKey: route.pathKey });
    if (current === undefined) return 'removed';
    if (!current.secretHash.equals(secretHash)) return 'overtaken';
    const previousSecretUntil = new Date(now.getTime() + SECRET_OVERLAP);
    await tx.manager.update(BotRouteRow, { pathKey: route.pathKey }, { previousSecretUntil, rotatingSince: null });
    const key = { tenantId: bot.tenantId, id: bot.id };
    await tx.manager.update(BotRow, { ...key, state: 'token_invalid' }, { state: 'active', updatedAt: now });
    await tx.manager.update(BotRow, key, { tokenRefusedAt: null });
    return tx.manager.findOneByOrFail(BotRow, key);
  }

  /**
   * Suspends a rotation whose outcome at Telegram is unknown: both secrets stay valid, and the next attempt may begin.
   */
  async suspend(tx: PlatformTx, { route }: BeforeRotation, secretHash: Buffer): Promise<void> {
    await tx.manager.update(BotRouteRow, { pathKey: route.pathKey, secretHash }, { rotatingSince: null });
  }

  /** Restores the state before a rotation that Telegram refused. */
  async undo(tx: PlatformTx, { route, bot, tokenSealed }: BeforeRotation, secretHash: Buffer): Promise<void> {
    const current = await this.bots.lockRoute(tx, { pathKey: route.pathKey });
    if (!current?.secretHash.equals(secretHash)) return;
    const { previousSecretHash, previousSecretUntil } = route;
    await tx.manager.update(
      BotRouteRow,
      { pathKey: route.pathKey },
      { secretHash: route.secretHash, previousSecretHash, previousSecretUntil, rotatingSince: null },
    );
    const { info, username, name, tokenLast4, updatedAt } = bot;
    await tx.manager.update(
      BotRow,
      { tenantId: bot.tenantId, id: bot.id },
      { info, username, name, tokenLast4, updatedAt, tokenSealed: tokenSealed ?? null },
    );
  }
}
