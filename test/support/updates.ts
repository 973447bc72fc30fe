import { newChargeId, person, Updates } from '#libs/fixtures';
import type { RegisteredBot, Starwall } from './starwall.js';

/** Updates as the Bot API sends them, by the buyer's id. Tests post those to the ingress that the simulator does not send itself. */
export interface Update {
  readonly update_id: number;
  readonly [kind: string]: unknown;
}

// Far from the simulator's own update ids.
const updates = new Updates({ firstUpdateId: 2 ** 40 + Math.floor(Math.random() * 2 ** 40) });
const asUpdate = (update: { readonly update_id: number }) => update as Update;

export const nextUpdateId = () => updates.text(person(1), '').update_id;

export const text = (buyerId: number, words: string, from: object = {}): Update =>
  asUpdate(updates.text(person(buyerId, from), words));

export interface Paid {
  readonly stars?: number;
  readonly payload?: string;
  readonly chargeId?: string;
  readonly currency?: string;
}

/** @param extra additional fields of the payment, even ones that Telegram never sends */
export function successfulPayment(buyerId: number, paid: Paid = {}, extra: object = {}): Update {
  const { stars = 3, payload = `${buyerId}&&&e639736a-cd60-48cf-bdc3-a4d94cea9f21`, chargeId = newChargeId() } = paid;
  const { update_id, message } = updates.payment(person(buyerId), { stars, payload, chargeId });
  const currency = paid.currency === undefined ? {} : { currency: paid.currency };
  return {
    update_id,
    message: { ...message, successful_payment: { ...message.successful_payment, ...currency, ...extra } },
  };
}

/** Builds updates that identify their bot, numbered after all others. */
const updatesOf = ({ telegramId }: RegisteredBot) =>
  new Updates({
    bot: { id: telegramId, is_bot: true, first_name: 'Shop', username: 'shop_bot' },
    firstUpdateId: nextUpdateId(),
  });

/** Builds a refund that was not made through Starwall. */
export function refundedPayment(bot: RegisteredBot, buyerId: number, chargeId: string): Update {
  const paid = updates.payment(person(buyerId), { stars: 3, payload: 'whatever', chargeId });
  return asUpdate(updatesOf(bot).refund(paid));
}

/** Builds a refund as it was once published: the bare payment, without a sender or a chat. */
export const bareRefundedPayment = (): Update => ({
  update_id: nextUpdateId(),
  message: {
    refunded_payment: {
      currency: 'XTR',
      total_amount: 1,
      invoice_payload: '<text>',
      telegram_payment_charge_id: '<payment_id>',
    },
  },
});

export const preCheckoutQuery = (buyerId: number, payload: string, from: object = {}): Update =>
  asUpdate(updates.preCheckoutQuery(person(buyerId, from), { stars: 3, payload }));

export const purchasedPaidMedia = (buyerId: number): Update =>
  asUpdate(updates.paidMediaPurchase(person(buyerId), 'test_payload'));

export const subscription = (buyerId: number, state: 'active' | 'canceled' | 'failed'): Update =>
  asUpdate(updates.subscription(person(buyerId), 'sub_01JZ8K3M9Q', state));

export const blockedBot = (bot: RegisteredBot, buyerId: number): Update =>
  asUpdate(updatesOf(bot).blocked(person(buyerId)));

/** Returns the current URL and secret of a bot's webhook at Telegram. */
export function webhookOf(starwall: Starwall, bot: RegisteredBot): { readonly url: string; readonly secret: string } {
  const settings = starwall.simulator.world.bot(bot.telegramId).webhook?.settings;
  if (settings?.secretToken === undefined) throw new Error('this bot has no webhook');
  return { url: settings.url, secret: settings.secretToken };
}

/** Posts an update to a bot's webhook, like Telegram. A string is sent unchanged. */
export async function telegramPosts(
  starwall: Starwall,
  bot: RegisteredBot,
  update: Update | string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly body: string }> {
  const { url, secret } = webhookOf(starwall, bot);
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secret, ...headers },
    body: typeof update === 'string' ? update : JSON.stringify(update),
  });
  return { status: response.status, body: await response.text() };
}

/** Calls the Bot API, which the bot's owner could also do from elsewhere. */
export async function callTelegram(starwall: Starwall, bot: RegisteredBot, method: string, parameters: object) {
  const response = await fetch(`${starwall.simulator.url}/bot${bot.token}/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(parameters),
  });
  return (await response.json()) as { readonly ok: boolean; readonly result?: unknown; readonly description?: string };
}
