import { Inject, Injectable, Logger } from '@nestjs/common';
import type { UserFromGetMe } from 'grammy/types';
import { Database, type TenantTx } from '#libs/database';
import { EventStore, JobStore, previousOf } from '#libs/journal';
import { type Clock, DomainError } from '#libs/kernel';
import { CLOCK, redact } from '#libs/runtime';
import { SecretBox } from '#libs/vault';
import { BotDirectory } from './bot-directory.service.js';
import type { BotRow } from './bot.entity.js';
import { BOT_ENVIRONMENTS, type BotEnvironment, callToken, isToken, lastOfToken, tokenPlace } from './bot.js';
import {
  BotNotInState,
  RegistrationInProgress,
  RotationInProgress,
  TelegramUnavailable,
  TokenMalformed,
  TokenOfAnotherBot,
  TokenOfOtherEnvironment,
  TokenRefused,
} from './bot-refusals.js';
import { BotSetup } from './bot-setup.service.js';
import { BotStore, type Credentials } from './bot.store.js';
import { RotationStore } from './rotation.store.js';
import { newSecret, sha256 } from '../secret.js';
import { botView } from './bot-view.js';

export interface NewBot {
  readonly token: string;
  readonly environment: BotEnvironment;
  /** Replace the webhook of another tool. */
  readonly takeOver: boolean;
}

function callable(token: string, environment: BotEnvironment): string {
  if (!isToken(token)) throw new TokenMalformed();
  return callToken(token, environment);
}

/** Connects bots to tenants and to Telegram. Each step is stored before Telegram is called. */
@Injectable()
export class BotRegistry {
  private readonly log = new Logger(BotRegistry.name);

  constructor(
    private readonly db: Database,
    private readonly bots: BotStore,
    private readonly rotations: RotationStore,
    private readonly setup: BotSetup,
    private readonly directory: BotDirectory,
    private readonly events: EventStore,
    private readonly jobs: JobStore,
    private readonly box: SecretBox,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Claims the bot, sets its webhook, and activates it. A removed bot comes back with its old id. When a step fails,
   * the claim is released; when the process dies, the claim expires after two minutes.
   * @throws TokenMalformed, TokenRefused, TokenOfOtherEnvironment, ForeignWebhook, BotTaken, BotAlreadyRegistered,
   * RegistrationInProgress, QuotaExhausted, TelegramUnavailable or TelegramSaidNo
   */
  async register(tenantId: string, { token: given, environment, takeOver }: NewBot): Promise<BotRow> {
    const token = callable(given, environment);
    const info = await this.identifyIn(given, environment);
    if (!takeOver) await this.setup.refuseForeign(token);
    const [pathKey, secret] = [newSecret(), newSecret()];
    const credentials = this.credentials(token, environment, info);
    await this.db.inPlatform('claim a bot that another tenant may hold', (tx) =>
      this.bots.claim(tx, tenantId, credentials, { pathKey, secretHash: sha256(secret) }, this.clock.now()),
    );
    let connected = false;
    try {
      await this.setup.connect(token, pathKey, secret);
      connected = true;
      await this.setup.offerMenu(token);
    } catch (error) {
      const wasOurs = await this.takeBack(pathKey);
      if (connected && wasOurs) await this.setup.disconnect(token);
      throw error;
    }
    const bot = await this.db.inPlatform('a claimed bot is connected', async (tx) => {
      const confirmed = await this.bots.confirm(tx, pathKey, this.clock.now());
      if (confirmed?.state === 'active') {
        const event = { type: 'bot.registered', botId: confirmed.id, data: botView(confirmed) } as const;
        const tenant = tx.asTenant(tenantId);
        await this.events.record(tenant, event);
        await this.jobs.enqueue(tenant, [{ kind: 'bot.menu', subject: confirmed.id }]);
      }
      return confirmed;
    });
    if (bot === undefined) throw new RegistrationInProgress();
    this.directory.forget(bot.id);
    return bot;
  }

  /**
   * Gives the bot a new token and its webhook a new secret. The former secret stays valid for five minutes after
   * Telegram has confirmed the new one. A bot with an invalid token works again; a paused one stays paused. When the
   * outcome at Telegram is unknown, both secrets stay valid and the call may be repeated.
   * @throws TokenMalformed, TokenRefused, TokenOfAnotherBot, RotationInProgress, TelegramUnavailable or TelegramSaidNo
   */
  async rotate(bot: BotRow, token: string): Promise<BotRow> {
    const called = callable(token, bot.environment);
    return this.reconnect(bot, called, await this.identifyIn(token, bot.environment), async (tx, before, after) => {
      const [was, data] = [botView(before), botView(after)];
      const event = { type: 'bot.token_rotated', botId: bot.id, data, previous: previousOf(was, data) } as const;
      await this.events.record(tx, event);
      if (after.state === 'removing') await this.jobs.enqueue(tx, [{ kind: 'bot.remove', subject: bot.id }]);
    });
  }

  /** Does the same as {@link rotate} with the bot's current token: nothing changes for its creator. */
  async renew(bot: BotRow, token: string): Promise<BotRow> {
    return this.reconnect(bot, token, await this.setup.identify(token), () => Promise.resolve());
  }

  private async reconnect(
    bot: BotRow,
    token: string,
    info: UserFromGetMe,
    tell: (tx: TenantTx, before: BotRow, after: BotRow) => Promise<void>,
  ): Promise<BotRow> {
    if (info.id !== bot.telegramId) throw new TokenOfAnotherBot();
    const secret = newSecret();
    const secretHash = sha256(secret);
    const credentials = this.credentials(token, bot.environment, info);
    const before = await this.db.inPlatform('begin to rotate the secret of a route', (tx) =>
      this.rotations.begin(tx, bot, credentials, secretHash, this.clock.now()),
    );
    this.directory.forget(bot.id);
    try {
      await this.setup.connect(token, before.route.pathKey, secret);
    } catch (error) {
      const unknown = error instanceof TelegramUnavailable || !(error instanceof DomainError);
      await this.db.inPlatform('a rotation did not succeed', (tx) =>
        unknown ? this.rotations.suspend(tx, before, secretHash) : this.rotations.undo(tx, before, secretHash),
      );
      this.directory.forget(bot.id);
      throw error;
    }
    const rotated = await this.db.inPlatform('the secret of a route was rotated', async (tx) => {
      const after = await this.rotations.confirm(tx, before, secretHash, this.clock.now());
      if (typeof after !== 'string') {
        const tenant = tx.asTenant(bot.tenantId);
        await tell(tenant, before.bot, after);
        await this.jobs.wake(tenant, 'token');
      }
      return after;
    });
    this.directory.forget(bot.id);
    if (rotated === 'overtaken') throw new RotationInProgress();
    if (rotated !== 'removed') return rotated;
    // It was removed meanwhile, and Telegram must not call an unknown path.
    await this.setup.disconnect(token);
    throw new BotNotInState('removed');
  }

  /** True when `url` is the address of this bot's webhook. */
  async leadsTo(tenantId: string, botId: string, url: string): Promise<boolean> {
    if (!this.setup.isOurs(url)) return false;
    const pathKey = url.slice(url.lastIndexOf('/') + 1);
    const route = await this.directory.byPath(pathKey);
    return route?.tenantId === tenantId && route.botId === botId;
  }

  /** Returns the bot's token; undefined if it no longer has one. */
  async tokenOf(tx: TenantTx, botId: string): Promise<string | undefined> {
    const sealed = await this.bots.sealedToken(tx, botId);
    return sealed && this.box.open(tx, sealed, tokenPlace(botId));
  }

  /** @throws TokenOfOtherEnvironment when the token is valid only in the other environment */
  private async identifyIn(token: string, environment: BotEnvironment): Promise<UserFromGetMe> {
    try {
      return await this.setup.identify(callToken(token, environment));
    } catch (error) {
      if (!(error instanceof TokenRefused)) throw error;
      const other = BOT_ENVIRONMENTS.find((each) => each !== environment) ?? environment;
      const known = await this.setup.identify(callToken(token, other)).catch(() => undefined);
      throw known === undefined ? error : new TokenOfOtherEnvironment(other);
    }
  }

  private credentials(token: string, environment: BotEnvironment, info: UserFromGetMe): Credentials {
    const seal: Credentials['seal'] = (tx, botId) => this.box.seal(tx, token, tokenPlace(botId));
    return { info, environment, tokenLast4: lastOfToken(token), seal };
  }

  private async takeBack(pathKey: string): Promise<boolean> {
    try {
      return await this.db.inPlatform('release a claim', (tx) => this.bots.release(tx, pathKey, this.clock.now()));
    } catch (error) {
      // The claim expires anyway; the creator should get the first error.
      this.log.warn(`a claim could not be released: ${redact(String(error))}`);
      return false;
    }
  }
}
