import { newUuid } from '#libs/kernel';
import type { RegisteredBot, Starwall } from './starwall.js';

/**
 * Updates as the Bot API sends them, written after real ones: key order, kinds and lengths are Telegram's, people and ids are
 * invented. What the simulator does not send itself is posted to the ingress with these.
 */
export interface Update {
  readonly update_id: number;
  readonly [kind: string]: unknown;
}

// Far from what the simulator counts with.
let last = 2 ** 40 + Math.floor(Math.random() * 2 ** 40);
export const nextUpdateId = () => (last += 1);

export const person = (id: number, changes: object = {}) => ({
  id,
  is_bot: false,
  first_name: 'Buyer',
  username: 'buyer_example',
  language_code: 'en',
  is_premium: true,
  ...changes,
});
const privateChat = (id: number) => ({ id, first_name: 'Buyer', username: 'buyer_example', type: 'private' });
const message = (buyerId: number, content: object, changes: object = {}) => ({
  message_id: 6,
  from: person(buyerId),
  chat: privateChat(buyerId),
  date: 1_790_000_000,
  ...content,
  ...changes,
});

/** As long as real ones get: 131 characters. */
export const newChargeId = (length = 131) =>
  `stx${Array.from({ length: 10 }, () => newUuid().replaceAll('-', '')).join('_')}`.slice(0, length);

export const text = (buyerId: number, words: string, from: object = {}): Update => ({
  update_id: nextUpdateId(),
  message: message(buyerId, {
    from: person(buyerId, from),
    text: words,
    ...(words.startsWith('/')
      ? { entities: [{ type: 'bot_command', offset: 0, length: words.split(' ')[0]?.length ?? 0 }] }
      : {}),
  }),
});

export interface Paid {
  readonly stars?: number;
  readonly payload?: string;
  readonly chargeId?: string;
  readonly currency?: string;
}

export const successfulPayment = (buyerId: number, paid: Paid = {}, extra: object = {}): Update => ({
  update_id: nextUpdateId(),
  message: message(buyerId, {
    successful_payment: {
      currency: paid.currency ?? 'XTR',
      total_amount: paid.stars ?? 3,
      invoice_payload: paid.payload ?? `${buyerId}&&&e639736a-cd60-48cf-bdc3-a4d94cea9f21`,
      telegram_payment_charge_id: paid.chargeId ?? newChargeId(),
      provider_payment_charge_id: `${buyerId}_8`,
      ...extra,
    },
  }),
});

/** A refund comes as a message of the bot: the payer is the chat. */
export const refundedPayment = (bot: RegisteredBot, buyerId: number, chargeId: string): Update => ({
  update_id: nextUpdateId(),
  message: message(buyerId, {
    from: { id: bot.telegramId, is_bot: true, first_name: 'Shop', username: 'shop_bot' },
    refunded_payment: {
      currency: 'XTR',
      total_amount: 3,
      invoice_payload: 'whatever',
      telegram_payment_charge_id: chargeId,
    },
  }),
});

/** As it was once published, with everything around the payment left out: no sender, no chat. */
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

export const preCheckoutQuery = (buyerId: number, payload: string, from: object = {}): Update => ({
  update_id: nextUpdateId(),
  pre_checkout_query: {
    id: '1336649942687528887',
    from: person(buyerId, from),
    currency: 'XTR',
    total_amount: 3,
    invoice_payload: payload,
  },
});

export const purchasedPaidMedia = (buyerId: number): Update => ({
  update_id: nextUpdateId(),
  purchased_paid_media: { from: person(buyerId), paid_media_payload: 'test_payload' },
});

export const subscription = (buyerId: number, state: 'active' | 'canceled' | 'failed'): Update => ({
  update_id: nextUpdateId(),
  subscription: { user: person(buyerId), invoice_payload: 'sub_01JZ8K3M9Q', state },
});

export const blockedBot = (bot: RegisteredBot, buyerId: number): Update => {
  const user = { id: bot.telegramId, is_bot: true, first_name: 'Shop', username: 'shop_bot' };
  return {
    update_id: nextUpdateId(),
    my_chat_member: {
      chat: privateChat(buyerId),
      from: person(buyerId),
      date: 1_790_000_000,
      old_chat_member: { user, status: 'member' },
      new_chat_member: { user, status: 'kicked', until_date: 0 },
    },
  };
};

/** The address and the secret that a bot's webhook has at Telegram now. */
export function webhookOf(starwall: Starwall, bot: RegisteredBot): { readonly url: string; readonly secret: string } {
  const settings = starwall.simulator.world.bot(bot.telegramId).webhook?.settings;
  if (settings?.secretToken === undefined) throw new Error('this bot has no webhook');
  return { url: settings.url, secret: settings.secretToken };
}

/** Does what Telegram does: posts an update to a bot's webhook. A string is sent as it is. */
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

/** Calls the Bot API as the owner of the bot could do elsewhere. */
export async function callTelegram(starwall: Starwall, bot: RegisteredBot, method: string, parameters: object) {
  const response = await fetch(`${starwall.simulator.url}/bot${bot.token}/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(parameters),
  });
  return (await response.json()) as { readonly ok: boolean; readonly result?: unknown; readonly description?: string };
}
