import { ApiError, badRequest } from '../world/errors.js';
import { allowedFrom } from '../world/update-kinds.js';
import type { WebhookSettings } from '../world/webhook.js';
import type { Caller } from './caller.js';
import { Described, type Handlers } from './handlers.js';
import type { ParametersOf } from './parameters.js';

/**
 * HTTP and any host or port are accepted, as by a server started with --local; the cloud requires HTTPS on one of
 * four ports.
 */
function settingsOf(parameters: ParametersOf<'setWebhook'>): WebhookSettings {
  const { url, max_connections, secret_token, ip_address } = parameters;
  const address = url.includes('://') ? url : `https://${url}`;
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) {
    throw badRequest('invalid webhook URL specified');
  }
  return {
    url: address,
    maxConnections: max_connections,
    ...(secret_token === undefined ? {} : { secretToken: secret_token }),
    ...(ip_address === undefined ? {} : { ipAddress: ip_address }),
  };
}

function removeWebhook({ bot }: Caller): Described {
  const was = bot.webhook;
  was?.stop();
  bot.webhook = undefined;
  return new Described(true, was === undefined ? 'Webhook is already deleted' : 'Webhook was deleted');
}

export const updateMethods: Handlers<'getUpdates' | 'setWebhook' | 'deleteWebhook' | 'getWebhookInfo'> = {
  async getUpdates({ bot }, { offset, limit, timeout, allowed_updates }) {
    if (bot.webhook !== undefined) {
      throw new ApiError(
        409,
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
      );
    }
    if (allowed_updates !== undefined) bot.allowedUpdates = allowedFrom(allowed_updates);
    return bot.longPoll.take(offset, limit, timeout);
  },

  setWebhook(caller, parameters) {
    const { bot } = caller;
    const settings = parameters.url === '' ? undefined : settingsOf(parameters);
    bot.longPoll.interrupt('terminated by setWebhook request');
    if (parameters.allowed_updates !== undefined) bot.allowedUpdates = allowedFrom(parameters.allowed_updates);
    if (parameters.drop_pending_updates) bot.queue.clear();
    if (settings === undefined) return removeWebhook(caller);
    if (JSON.stringify(bot.webhook?.settings) === JSON.stringify(settings)) {
      return new Described(true, 'Webhook is already set');
    }
    caller.world.openWebhook(bot, settings);
    return new Described(true, 'Webhook was set');
  },

  deleteWebhook(caller, { drop_pending_updates }) {
    if (drop_pending_updates) caller.bot.queue.clear();
    return removeWebhook(caller);
  },

  getWebhookInfo({ bot }) {
    const { webhook } = bot;
    return {
      url: webhook?.settings.url ?? '',
      has_custom_certificate: false,
      pending_update_count: bot.queue.pending().length,
      ...(webhook?.lastError === undefined
        ? {}
        : { last_error_date: webhook.lastError.date, last_error_message: webhook.lastError.message }),
      ...(webhook === undefined
        ? {}
        : { max_connections: webhook.settings.maxConnections, ip_address: webhook.settings.ipAddress ?? '127.0.0.1' }),
      ...(bot.allowedUpdates === undefined ? {} : { allowed_updates: bot.allowedUpdates }),
    };
  },
};
