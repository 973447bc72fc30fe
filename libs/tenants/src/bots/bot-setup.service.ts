import { Inject, Injectable } from '@nestjs/common';
import type { Api } from 'grammy';
import type { UserFromGetMe, WebhookInfo } from 'grammy/types';
import { SECOND } from '#libs/kernel';
import { CONFIG, type Config } from '#libs/runtime';
import { judge, Telegram, TelegramRefused } from '#libs/telegram';
import { LANGUAGES, Phrasebook } from '#libs/texts';
import { ALLOWED_UPDATES, hostOf, MENU_SCOPE, menuIn, WEBHOOK_PREFIX } from './bot.js';
import { ForeignWebhook, TelegramSaidNo, TelegramUnavailable, TokenRefused } from './bot-refusals.js';

/** Telegram's own default: concurrent connections for updates. */
const MAX_CONNECTIONS = 40;
/** Telegram accepts one setWebhook per bot and second, and answers the next one with 429 and a wait of one second. */
const PATIENCE = 5 * SECOND;

/**
 * Sets up a bot at Telegram. Each method throws {@link TokenRefused} when the token is invalid or revoked, {@link
 * TelegramUnavailable} when the outcome is unknown or Telegram asks to wait, {@link TelegramSaidNo} otherwise.
 */
@Injectable()
export class BotSetup {
  constructor(
    private readonly telegram: Telegram,
    @Inject(CONFIG) private readonly config: Pick<Config, 'ingressUrl'>,
  ) {}

  identify(token: string): Promise<UserFromGetMe> {
    return this.ask(token, (api) => api.getMe());
  }

  webhook(token: string): Promise<WebhookInfo> {
    return this.ask(token, (api) => api.getWebhookInfo());
  }

  /** True when a webhook's address was issued by this installation. */
  isOurs(url: string): boolean {
    return url.startsWith(`${this.config.ingressUrl}${WEBHOOK_PREFIX}/`);
  }

  /** @throws ForeignWebhook when the bot's updates go somewhere else */
  async refuseForeign(token: string): Promise<void> {
    const { url = '' } = await this.webhook(token);
    if (url !== '' && !this.isOurs(url)) throw new ForeignWebhook(hostOf(url));
  }

  /** Sets the webhook. Keeps updates that wait at Telegram, because there may be payments among them. */
  async connect(token: string, pathKey: string, secret: string): Promise<void> {
    const url = `${this.config.ingressUrl}${WEBHOOK_PREFIX}/${pathKey}`;
    const options = {
      secret_token: secret,
      allowed_updates: ALLOWED_UPDATES,
      max_connections: MAX_CONNECTIONS,
    };
    await this.ask(token, (api) => api.setWebhook(url, options));
  }

  /** Sets the menu with the default texts. The job `bot.menu` adds other languages and the creator's own texts. */
  async offerMenu(token: string): Promise<void> {
    await this.ask(token, (api) => api.setMyCommands(menuIn(new Phrasebook('en')), MENU_SCOPE));
  }

  /**
   * Removes the webhook and the menu at Telegram, so that the bot offers nothing that no longer works. Telegram keeps
   * pending updates for 24 hours. Idempotent.
   */
  async leave(token: string): Promise<void> {
    for (const language of LANGUAGES) {
      const whose = language === 'en' ? {} : { language_code: language };
      await this.unsay(token, (api) => api.deleteMyCommands({ ...MENU_SCOPE, ...whose }));
      await this.unsay(token, (api) => api.setMyDescription('', whose));
      await this.unsay(token, (api) => api.setMyShortDescription('', whose));
    }
    await this.ask(token, (api) => api.deleteWebhook());
  }

  /** Removes texts. Those that Telegram does not let the bot remove stay and do no harm. */
  private async unsay(token: string, call: (api: Api) => Promise<unknown>): Promise<void> {
    await this.ask(token, call).catch((error: unknown) => {
      if (!(error instanceof TelegramSaidNo)) throw error;
    });
  }

  /** Deletes the webhook. Best effort: a remaining webhook leads nowhere, and the bot's next tool replaces it. */
  async disconnect(token: string): Promise<void> {
    await this.ask(token, (api) => api.deleteWebhook()).catch(() => undefined);
  }

  private async ask<T>(token: string, call: (api: Api) => Promise<T>): Promise<T> {
    const api = this.telegram.api(token);
    try {
      return await call(api);
    } catch (error) {
      const verdict = judge(error);
      if (verdict.kind !== 'retry' || verdict.afterMs > PATIENCE) throw refusalFor(error);
      await new Promise((resolve) => setTimeout(resolve, verdict.afterMs));
      return await call(api).catch((again: unknown) => {
        throw refusalFor(again);
      });
    }
  }
}

function refusalFor(error: unknown): Error {
  const { kind } = judge(error);
  if (kind === 'token_invalid') return new TokenRefused();
  if (kind === 'retry' || kind === 'unknown') return new TelegramUnavailable();
  return new TelegramSaidNo(error instanceof TelegramRefused ? error.description : 'no reason given');
}
