import { ChatsClient } from './client-chats.js';
import type { ChatKey } from './client-transport.js';
import type {
  BotSettingsInput,
  FaultsInput,
  LogQuery,
  NewBotInput,
  NewUserInput,
  SendInput,
} from './http/control-schemas.js';
import type { BotView, ChatSummary, ChatView, ForwardView, InvoiceView, UserDetails, UserView } from './http/views.js';
import type { SubscriptionView } from './http/subscription-routes.js';
import type { FaultState } from './world/faults.js';
import type { CallEntry, DeliveryEntry, LoggedEntry } from './world/log.js';
import type { PaymentOutcome } from './world/offer.js';
import type { Message, StarTransaction } from './world/telegram-types.js';

/**
 * Plays buyers and changes the world through the simulator's control API.
 * @param url for example `http://127.0.0.1:8081`
 */
export class SimulatorClient extends ChatsClient {
  createBot(bot: NewBotInput): Promise<BotView & { readonly token: string }> {
    return this.write('/bots', bot);
  }

  bots(): Promise<readonly BotView[]> {
    return this.read('/bots');
  }

  /** Sets the options that the owner has in BotFather, such as inline mode. */
  setUpBot(botId: number, settings: BotSettingsInput): Promise<BotView> {
    return this.send('PUT', `/bots/${botId}/settings`, settings);
  }

  /** Issues a new token; the old one is answered 401 from now on. */
  async revokeToken(botId: number): Promise<string> {
    const { token } = await this.write<{ token: string }>(`/bots/${botId}/token`);
    return token;
  }

  webhook(botId: number): Promise<{
    readonly url: string;
    readonly pendingUpdates: number;
    readonly lastError?: { readonly date: number; readonly message: string };
  }> {
    return this.read(`/bots/${botId}/webhook`);
  }

  transactions(
    botId: number,
  ): Promise<{ readonly balance: number; readonly transactions: readonly StarTransaction[] }> {
    return this.read(`/bots/${botId}/transactions`);
  }

  /** The owner withdraws Stars, so that the bot can run out of them for refunds. */
  withdraw(botId: number, amount: number): Promise<BotView> {
    return this.write(`/bots/${botId}/withdrawals`, { amount });
  }

  createUser(user: NewUserInput): Promise<UserView> {
    return this.write('/users', user);
  }

  users(): Promise<readonly UserView[]> {
    return this.read('/users');
  }

  /** Includes wallet entries and forwarded invoices. */
  user(userId: number): Promise<UserDetails> {
    return this.read(`/users/${userId}`);
  }

  /** Sets the person's language, as bots see it from now on. */
  setLanguage(userId: number, languageCode: string): Promise<UserView> {
    return this.send('PUT', `/users/${userId}/language`, { language_code: languageCode });
  }

  /** The person deletes their account: bots can no longer write to it. */
  deactivate(userId: number): Promise<UserView> {
    return this.write(`/users/${userId}/deactivate`);
  }

  topUp(userId: number, amount: number): Promise<UserView> {
    return this.write(`/users/${userId}/top-ups`, { amount });
  }

  chats(userId: number): Promise<readonly ChatSummary[]> {
    return this.read(`/users/${userId}/chats`);
  }

  /** The chat as the buyer sees it. */
  chat({ botId, userId }: ChatKey): Promise<ChatView> {
    return this.read(`/chats/${botId}/${userId}`);
  }

  /** The buyer sends a message or a command. */
  sendText(chat: ChatKey, text: string): Promise<Message> {
    return this.sendMessage(chat, { text });
  }

  /** The buyer sends a text (possibly as a reply), a file, or a location. */
  sendMessage({ botId, userId }: ChatKey, message: SendInput): Promise<Message> {
    return this.write(`/chats/${botId}/${userId}/messages`, message);
  }

  /** The buyer presses Start, with the payload of a deep link if there is one. */
  start({ botId, userId }: ChatKey, payload?: string): Promise<Message> {
    return this.write(`/chats/${botId}/${userId}/start`, payload === undefined ? {} : { payload });
  }

  /** The buyer presses a callback button, given by its data or its position (0 is the first). */
  async press({ botId, userId }: ChatKey, messageId: number, button: string | number): Promise<string> {
    const chosen = typeof button === 'string' ? { data: button } : { button };
    const path = `/chats/${botId}/${userId}/presses`;
    const { callbackQueryId } = await this.write<{ callbackQueryId: string }>(path, { messageId, ...chosen });
    return callbackQueryId;
  }

  block({ botId, userId }: ChatKey): Promise<ChatView> {
    return this.send('PUT', `/chats/${botId}/${userId}/blocked`, { blocked: true });
  }

  unblock({ botId, userId }: ChatKey): Promise<ChatView> {
    return this.send('PUT', `/chats/${botId}/${userId}/blocked`, { blocked: false });
  }

  /**
   * Pays an invoice message, or unlocks paid media, in the buyer's chat. Resolves with the outcome, within the bot's
   * ten seconds.
   */
  payMessage({ botId, userId }: ChatKey, messageId: number): Promise<PaymentOutcome> {
    return this.write('/payments', { botId, userId, messageId });
  }

  payLink(userId: number, link: string): Promise<PaymentOutcome> {
    return this.write('/payments', { userId, link });
  }

  payForward(userId: number, forwardId: string): Promise<PaymentOutcome> {
    return this.write('/payments', { userId, forwardId });
  }

  /** The terms of an invoice link. */
  invoice(link: string): Promise<InvoiceView> {
    return this.read(`/invoices?link=${encodeURIComponent(link)}`);
  }

  /** The same, in a group or channel. */
  payIn(chatId: number, userId: number, messageId: number): Promise<PaymentOutcome> {
    return this.write('/payments', { userId, chatId, messageId });
  }

  forward(from: ChatKey, messageId: number, toUserId: number): Promise<ForwardView> {
    return this.write('/forwards', { botId: from.botId, messageId, fromUserId: from.userId, toUserId });
  }

  forwardFrom(chatId: number, fromUserId: number, messageId: number, toUserId: number): Promise<ForwardView> {
    return this.write('/forwards', { chatId, messageId, fromUserId, toUserId });
  }

  /** Subscriptions to bots and channels, including those that have ended. */
  subscriptions(userId: number): Promise<readonly SubscriptionView[]> {
    return this.read(`/users/${userId}/subscriptions`);
  }

  /** The person turns renewal off; the paid time stays. */
  cancelSubscription(id: string): Promise<SubscriptionView> {
    return this.write(`/subscriptions/${id}/cancel`);
  }

  resumeSubscription(id: string): Promise<SubscriptionView> {
    return this.write(`/subscriptions/${id}/resume`);
  }

  /** Renews now; fails when the wallet has too few Stars. */
  renewSubscription(id: string): Promise<SubscriptionView> {
    return this.write(`/subscriptions/${id}/renew`);
  }

  /** Makes the renewal that is due now fail, however many Stars the wallet has. */
  failSubscription(id: string): Promise<SubscriptionView> {
    return this.write(`/subscriptions/${id}/fail`);
  }

  log(query: LogQuery = {}): Promise<readonly LoggedEntry[]> {
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) parameters.set(name, String(value));
    return this.read(`/log?${parameters.toString()}`);
  }

  async calls(botId?: number): Promise<readonly CallEntry[]> {
    const entries = await this.log({ type: 'call', ...(botId === undefined ? {} : { botId }) });
    return entries.filter((entry) => entry.type === 'call');
  }

  async deliveries(botId?: number): Promise<readonly DeliveryEntry[]> {
    const entries = await this.log({ type: 'delivery', ...(botId === undefined ? {} : { botId }) });
    return entries.filter((entry) => entry.type === 'delivery');
  }

  async now(): Promise<Date> {
    const { now } = await this.read<{ now: string }>('/clock');
    return new Date(now);
  }

  async advance(seconds: number): Promise<Date> {
    const { now } = await this.write<{ now: string }>('/clock', { advanceSeconds: seconds });
    return new Date(now);
  }

  /** Replaces all fault rules. */
  setFaults(faults: FaultsInput): Promise<readonly FaultState[]> {
    return this.send('PUT', '/faults', faults);
  }

  faults(): Promise<readonly FaultState[]> {
    return this.read('/faults');
  }

  /** Resets to an empty world. */
  async reset(seed?: number): Promise<void> {
    await this.write('/reset', seed === undefined ? {} : { seed });
  }
}
