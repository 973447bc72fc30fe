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

/** Plays buyers and bends the world, through the simulator's control API. @param url for example `http://127.0.0.1:8081` */
export class SimulatorClient extends ChatsClient {
  createBot(bot: NewBotInput): Promise<BotView & { readonly token: string }> {
    return this.write('/bots', bot);
  }

  bots(): Promise<readonly BotView[]> {
    return this.read('/bots');
  }

  /** What the owner sets with BotFather: inline mode and the like. */
  setUpBot(botId: number, settings: BotSettingsInput): Promise<BotView> {
    return this.send('PUT', `/bots/${botId}/settings`, settings);
  }

  /** Makes a new token; the old one answers 401 from now on. */
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

  /** The owner takes Stars out, so that the bot may lack them for refunds. */
  withdraw(botId: number, amount: number): Promise<BotView> {
    return this.write(`/bots/${botId}/withdrawals`, { amount });
  }

  createUser(user: NewUserInput): Promise<UserView> {
    return this.write('/users', user);
  }

  users(): Promise<readonly UserView[]> {
    return this.read('/users');
  }

  /** With wallet entries and forwarded invoices. */
  user(userId: number): Promise<UserDetails> {
    return this.read(`/users/${userId}`);
  }

  /** What bots are told of the person's language from now on. */
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

  /** The buyer writes; commands are text, too. */
  sendText(chat: ChatKey, text: string): Promise<Message> {
    return this.sendMessage(chat, { text });
  }

  /** The buyer sends words, perhaps as a reply, a file, or where they are. */
  sendMessage({ botId, userId }: ChatKey, message: SendInput): Promise<Message> {
    return this.write(`/chats/${botId}/${userId}/messages`, message);
  }

  /** The buyer presses Start, perhaps after a deep link with a payload. */
  start({ botId, userId }: ChatKey, payload?: string): Promise<Message> {
    return this.write(`/chats/${botId}/${userId}/start`, payload === undefined ? {} : { payload });
  }

  /** The buyer presses a callback button, named by its data or by its place (0 is the first). */
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

  /** Pays an invoice message, or unlocks paid media, in the buyer's chat. Resolves with how it ended, within the bot's ten seconds. */
  payMessage({ botId, userId }: ChatKey, messageId: number): Promise<PaymentOutcome> {
    return this.write('/payments', { botId, userId, messageId });
  }

  payLink(userId: number, link: string): Promise<PaymentOutcome> {
    return this.write('/payments', { userId, link });
  }

  payForward(userId: number, forwardId: string): Promise<PaymentOutcome> {
    return this.write('/payments', { userId, forwardId });
  }

  /** What a link asks for. */
  invoice(link: string): Promise<InvoiceView> {
    return this.read(`/invoices?link=${encodeURIComponent(link)}`);
  }

  /** The same in a group or channel. */
  payIn(chatId: number, userId: number, messageId: number): Promise<PaymentOutcome> {
    return this.write('/payments', { userId, chatId, messageId });
  }

  forward(from: ChatKey, messageId: number, toUserId: number): Promise<ForwardView> {
    return this.write('/forwards', { botId: from.botId, messageId, fromUserId: from.userId, toUserId });
  }

  forwardFrom(chatId: number, fromUserId: number, messageId: number, toUserId: number): Promise<ForwardView> {
    return this.write('/forwards', { chatId, messageId, fromUserId, toUserId });
  }

  /** To bots and channels, also those that have ended. */
  subscriptions(userId: number): Promise<readonly SubscriptionView[]> {
    return this.read(`/users/${userId}/subscriptions`);
  }

  /** The person switches renewal off; what is paid stays. */
  cancelSubscription(id: string): Promise<SubscriptionView> {
    return this.write(`/subscriptions/${id}/cancel`);
  }

  resumeSubscription(id: string): Promise<SubscriptionView> {
    return this.write(`/subscriptions/${id}/resume`);
  }

  /** The next renewal is now; with too few Stars in the wallet it fails. */
  renewSubscription(id: string): Promise<SubscriptionView> {
    return this.write(`/subscriptions/${id}/renew`);
  }

  /** The next renewal is now, and it fails, however many Stars there are. */
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

  /** Back to an empty world. */
  async reset(seed?: number): Promise<void> {
    await this.write('/reset', seed === undefined ? {} : { seed });
  }
}
