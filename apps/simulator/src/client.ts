import type { ControlRefusal } from './http/control-route.js';
import type {
  BotSettingsInput,
  FaultsInput,
  InlineQueryInput,
  LogQuery,
  NewBotInput,
  NewSharedChatInput,
  NewUserInput,
  PickInput,
  StandingInput,
} from './http/control-schemas.js';
import type { InlineAnswerView } from './http/inline-routes.js';
import type { InviteView, SharedChatSummary, SharedChatView } from './http/shared-chat-routes.js';
import type { BotView, ChatSummary, ChatView, ForwardView, InvoiceView, UserDetails, UserView } from './http/views.js';
import type { SubscriptionView } from './http/subscription-routes.js';
import type { FaultState } from './world/faults.js';
import type { JoinOutcome } from './world/invites.js';
import type { CallEntry, DeliveryEntry, LoggedEntry } from './world/log.js';
import type { PaymentOutcome } from './world/offer.js';
import type { Message, StarTransaction } from './world/telegram-types.js';

/** A refusal of the control API. */
export class SimulatorError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }

  override get name(): string {
    return 'SimulatorError';
  }
}

/** Names the chat of one buyer with one bot. */
export interface ChatKey {
  readonly botId: number;
  readonly userId: number;
}

/** Plays buyers and bends the world, through the simulator's control API. @param url for example `http://127.0.0.1:8081` */
export class SimulatorClient {
  constructor(readonly url: string) {}

  createBot(bot: NewBotInput): Promise<BotView & { readonly token: string }> {
    return this.#post('/bots', bot);
  }

  bots(): Promise<readonly BotView[]> {
    return this.#get('/bots');
  }

  /** What the owner sets with BotFather: inline mode and the like. */
  setUpBot(botId: number, settings: BotSettingsInput): Promise<BotView> {
    return this.#send('PUT', `/bots/${botId}/settings`, settings);
  }

  /** Makes a new token; the old one answers 401 from now on. */
  async revokeToken(botId: number): Promise<string> {
    const { token } = await this.#post<{ token: string }>(`/bots/${botId}/token`);
    return token;
  }

  webhook(botId: number): Promise<{
    readonly url: string;
    readonly pendingUpdates: number;
    readonly lastError?: { readonly date: number; readonly message: string };
  }> {
    return this.#get(`/bots/${botId}/webhook`);
  }

  transactions(
    botId: number,
  ): Promise<{ readonly balance: number; readonly transactions: readonly StarTransaction[] }> {
    return this.#get(`/bots/${botId}/transactions`);
  }

  /** The owner takes Stars out, so that the bot may lack them for refunds. */
  withdraw(botId: number, amount: number): Promise<BotView> {
    return this.#post(`/bots/${botId}/withdrawals`, { amount });
  }

  createUser(user: NewUserInput): Promise<UserView> {
    return this.#post('/users', user);
  }

  users(): Promise<readonly UserView[]> {
    return this.#get('/users');
  }

  /** With wallet entries and forwarded invoices. */
  user(userId: number): Promise<UserDetails> {
    return this.#get(`/users/${userId}`);
  }

  /** What bots are told of the person's language from now on. */
  setLanguage(userId: number, languageCode: string): Promise<UserView> {
    return this.#send('PUT', `/users/${userId}/language`, { language_code: languageCode });
  }

  topUp(userId: number, amount: number): Promise<UserView> {
    return this.#post(`/users/${userId}/top-ups`, { amount });
  }

  chats(userId: number): Promise<readonly ChatSummary[]> {
    return this.#get(`/users/${userId}/chats`);
  }

  /** The chat as the buyer sees it. */
  chat({ botId, userId }: ChatKey): Promise<ChatView> {
    return this.#get(`/chats/${botId}/${userId}`);
  }

  /** The buyer writes; commands are text, too. */
  sendText({ botId, userId }: ChatKey, text: string): Promise<Message> {
    return this.#post(`/chats/${botId}/${userId}/messages`, { text });
  }

  /** The buyer presses Start, perhaps after a deep link with a payload. */
  start({ botId, userId }: ChatKey, payload?: string): Promise<Message> {
    return this.#post(`/chats/${botId}/${userId}/start`, payload === undefined ? {} : { payload });
  }

  /** The buyer presses a callback button, named by its data or by its place (0 is the first). */
  async press({ botId, userId }: ChatKey, messageId: number, button: string | number): Promise<string> {
    const chosen = typeof button === 'string' ? { data: button } : { button };
    const path = `/chats/${botId}/${userId}/presses`;
    const { callbackQueryId } = await this.#post<{ callbackQueryId: string }>(path, { messageId, ...chosen });
    return callbackQueryId;
  }

  block({ botId, userId }: ChatKey): Promise<ChatView> {
    return this.#send('PUT', `/chats/${botId}/${userId}/blocked`, { blocked: true });
  }

  unblock({ botId, userId }: ChatKey): Promise<ChatView> {
    return this.#send('PUT', `/chats/${botId}/${userId}/blocked`, { blocked: false });
  }

  /** Pays an invoice message in the buyer's chat. Resolves with how it ended, within the bot's ten seconds. */
  payMessage({ botId, userId }: ChatKey, messageId: number): Promise<PaymentOutcome> {
    return this.#post('/payments', { botId, userId, messageId });
  }

  payLink(userId: number, link: string): Promise<PaymentOutcome> {
    return this.#post('/payments', { userId, link });
  }

  payForward(userId: number, forwardId: string): Promise<PaymentOutcome> {
    return this.#post('/payments', { userId, forwardId });
  }

  /** What a link asks for. */
  invoice(link: string): Promise<InvoiceView> {
    return this.#get(`/invoices?link=${encodeURIComponent(link)}`);
  }

  /** Pays an invoice message in a group or channel. */
  payIn(chatId: number, userId: number, messageId: number): Promise<PaymentOutcome> {
    return this.#post('/payments', { userId, chatId, messageId });
  }

  forward(from: ChatKey, messageId: number, toUserId: number): Promise<ForwardView> {
    return this.#post('/forwards', { botId: from.botId, messageId, fromUserId: from.userId, toUserId });
  }

  forwardFrom(chatId: number, fromUserId: number, messageId: number, toUserId: number): Promise<ForwardView> {
    return this.#post('/forwards', { chatId, messageId, fromUserId, toUserId });
  }

  createSharedChat(chat: NewSharedChatInput): Promise<SharedChatView> {
    return this.#post('/shared-chats', chat);
  }

  sharedChats(): Promise<readonly SharedChatSummary[]> {
    return this.#get('/shared-chats');
  }

  sharedChat(chatId: number): Promise<SharedChatView> {
    return this.#get(`/shared-chats/${chatId}`);
  }

  /** Adds, promotes, demotes or removes a person or a bot. */
  setMember(chatId: number, memberId: number, standing: StandingInput): Promise<SharedChatView> {
    return this.#send('PUT', `/shared-chats/${chatId}/members/${memberId}`, standing);
  }

  post(chatId: number, userId: number, text: string): Promise<Message> {
    return this.#post(`/shared-chats/${chatId}/messages`, { userId, text });
  }

  /** Turns a group into a supergroup with another id. */
  upgradeGroup(chatId: number): Promise<SharedChatView> {
    return this.#post(`/shared-chats/${chatId}/upgrade`);
  }

  /** What an invite link shows before one joins. */
  invite(link: string): Promise<InviteView> {
    return this.#get(`/invites?link=${encodeURIComponent(link)}`);
  }

  /** Follows an invite link: joins, pays and joins, or asks to be let in. */
  join(userId: number, link: string): Promise<JoinOutcome> {
    return this.#post('/joins', { userId, link });
  }

  /** A human administrator answers a request to join; the owner when `byId` is left out. */
  decideRequest(chatId: number, userId: number, approve: boolean, byId?: number): Promise<SharedChatView> {
    const decision = byId === undefined ? { approve } : { approve, byId };
    return this.#post(`/shared-chats/${chatId}/requests/${userId}`, decision);
  }

  /** The person types `@bot query` in some chat. Resolves with the bot's answer, within ten seconds. */
  inlineQuery(query: InlineQueryInput): Promise<InlineAnswerView> {
    return this.#post('/inline-queries', query);
  }

  /** Picks a result: it appears in the chat with a bot, in a group or channel, or with a friend. */
  pick(queryId: string, pick: PickInput): Promise<void> {
    return this.#post(`/inline-queries/${queryId}/pick`, pick);
  }

  /** To bots and channels, also those that have ended. */
  subscriptions(userId: number): Promise<readonly SubscriptionView[]> {
    return this.#get(`/users/${userId}/subscriptions`);
  }

  /** The person switches renewal off; what is paid stays. */
  cancelSubscription(id: string): Promise<SubscriptionView> {
    return this.#post(`/subscriptions/${id}/cancel`);
  }

  resumeSubscription(id: string): Promise<SubscriptionView> {
    return this.#post(`/subscriptions/${id}/resume`);
  }

  /** The next renewal is now; with too few Stars in the wallet it fails. */
  renewSubscription(id: string): Promise<SubscriptionView> {
    return this.#post(`/subscriptions/${id}/renew`);
  }

  /** The next renewal is now, and it fails, however many Stars there are. */
  failSubscription(id: string): Promise<SubscriptionView> {
    return this.#post(`/subscriptions/${id}/fail`);
  }

  log(query: LogQuery = {}): Promise<readonly LoggedEntry[]> {
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) parameters.set(name, String(value));
    return this.#get(`/log?${parameters.toString()}`);
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
    const { now } = await this.#get<{ now: string }>('/clock');
    return new Date(now);
  }

  async advance(seconds: number): Promise<Date> {
    const { now } = await this.#post<{ now: string }>('/clock', { advanceSeconds: seconds });
    return new Date(now);
  }

  /** Replaces all fault rules. */
  setFaults(faults: FaultsInput): Promise<readonly FaultState[]> {
    return this.#send('PUT', '/faults', faults);
  }

  faults(): Promise<readonly FaultState[]> {
    return this.#get('/faults');
  }

  /** Back to an empty world. */
  async reset(seed?: number): Promise<void> {
    await this.#post('/reset', seed === undefined ? {} : { seed });
  }

  #get<Result>(path: string): Promise<Result> {
    return this.#send('GET', path);
  }

  #post<Result>(path: string, body: object = {}): Promise<Result> {
    return this.#send('POST', path, body);
  }

  async #send<Result>(method: string, path: string, body?: object): Promise<Result> {
    const response = await fetch(`${this.url}/control${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const answer: unknown = text === '' ? undefined : JSON.parse(text);
    if (response.ok) return answer as Result;
    const { error } = answer as ControlRefusal;
    throw new SimulatorError(response.status, error.code, error.message);
  }
}
