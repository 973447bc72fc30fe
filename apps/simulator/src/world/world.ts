import { type Clock, systemClock } from '#libs/kernel';
import { Bot, type Environment, type PrivateChat } from './bot.js';
import { Business } from './business.js';
import { Changes } from './changes.js';
import { Checkout } from './checkout.js';
import { MovableClock } from './clock.js';
import { Conversations } from './conversations.js';
import { WorldError } from './errors.js';
import { Faults } from './faults.js';
import { Files } from './files.js';
import { Gifts } from './gifts.js';
import type { Ground } from './ground.js';
import { InlineMode } from './inline-mode.js';
import { Invites } from './invites.js';
import { Log, type LogEntry } from './log.js';
import { PaidMediaSales } from './paid-media.js';
import { Person } from './person.js';
import { freshSeed, Random } from './random.js';
import type { NewBot, NewPerson, SomeSettings } from './newcomers.js';
import { SharedChats } from './shared-chats.js';
import { Subscriptions } from './subscriptions.js';
import type { UpdateKind, UpdatePayloads } from './telegram-types.js';
import { Till } from './till.js';
import { isWanted } from './update-kinds.js';
import { WebhookSender, type WebhookSettings } from './webhook.js';

export interface WorldOptions {
  /**
   * Makes tokens, ids and fault draws reproducible. Without it every world is different, as unique charge ids require.
   */
  readonly seed?: number | undefined;
  readonly clock?: Clock | undefined;
  /** Multiplies the waits between webhook retries; 1 is Telegram's pace. */
  readonly retryScale?: number | undefined;
  readonly logCapacity?: number | undefined;
}

/** The whole simulated world: bots, people, chats, Stars, time, and faults. */
export class World implements Ground {
  readonly clock: MovableClock;
  readonly changes = new Changes();
  readonly faults: Faults;
  readonly files: Files;
  readonly sharedChats: SharedChats;
  readonly conversations: Conversations;
  readonly till: Till;
  readonly subscriptions: Subscriptions;
  readonly checkout: Checkout;
  readonly invites: Invites;
  readonly inlineMode: InlineMode;
  readonly paidMedia: PaidMediaSales;
  readonly gifts: Gifts;
  readonly business: Business;
  readonly retryScale: number;
  readonly bots = new Map<number, Bot>();
  readonly people = new Map<number, Person>();
  /** Called with a JSON object in a webhook's answer. */
  onWebhookReply: (bot: Bot, body: Readonly<Record<string, unknown>>) => void = () => undefined;
  #random: Random;
  #log: Log;

  constructor(private readonly options: WorldOptions = {}) {
    this.#random = new Random(options.seed ?? freshSeed());
    this.#log = new Log(options.logCapacity ?? 2_000);
    this.clock = new MovableClock(options.clock ?? systemClock);
    this.retryScale = options.retryScale ?? 1;
    this.faults = new Faults(() => this.#random);
    this.files = new Files(() => this.#random);
    this.sharedChats = new SharedChats(this);
    this.conversations = new Conversations(this, this.sharedChats);
    this.till = new Till(this, this.conversations);
    this.subscriptions = new Subscriptions(this, ({ type }) => (type === 'bot' ? this.checkout : this.invites));
    this.checkout = new Checkout(this, this.conversations, this.till, this.subscriptions);
    this.invites = new Invites(this, this.sharedChats, this.till, this.subscriptions);
    this.inlineMode = new InlineMode(this, this.conversations, this.sharedChats, this.checkout);
    this.paidMedia = new PaidMediaSales(this, this.conversations, this.sharedChats, this.till);
    this.gifts = new Gifts(this, this.till);
    this.business = new Business(this, this.till);
  }

  get random(): Random {
    return this.#random;
  }

  /** Makes ids and fault draws follow this seed from now on. */
  reseed(seed: number): void {
    this.#random = new Random(seed);
  }

  createBot({ username, name, token, environment = 'production', settings }: NewBot): Bot {
    if ([...this.bots.values()].some((bot) => bot.username.toLowerCase() === username.toLowerCase())) {
      throw new WorldError('username_taken', `There is a bot @${username} already.`);
    }
    const id = token === undefined ? this.#newId(7_000_000_000, this.bots) : Number.parseInt(token, 10);
    if (this.bots.has(id)) throw new WorldError('id_taken', `There is a bot with the id ${id} already.`);
    const { clock, faults, random } = this;
    const init = { name, token: token ?? this.#newToken(id), environment, clock, faults, random };
    const bot = new Bot(id, username, init);
    Object.assign(bot.settings, settings);
    this.bots.set(id, bot);
    this.changes.tell({ type: 'bots' });
    return bot;
  }

  /** The owner changes settings in BotFather. */
  setUp(bot: Bot, settings: SomeSettings): void {
    Object.assign(bot.settings, settings);
    this.changes.tell({ type: 'bots' });
  }

  /** The owner gets a new token from BotFather; the old one is answered 401 from now on. */
  revokeToken(bot: Bot): string {
    bot.token = this.#newToken(bot.id);
    this.changes.tell({ type: 'bots' });
    return bot.token;
  }

  /** The bot with this token. A token is valid only in the environment in which its bot was made. */
  botByToken(token: string, environment: Environment): Bot | undefined {
    const bot = this.bots.get(Number.parseInt(token, 10));
    return bot?.token === token && bot.environment === environment ? bot : undefined;
  }

  createPerson(init: NewPerson): Person {
    const id = init.id ?? this.#newId(700_000_000, this.people);
    if (this.people.has(id)) throw new WorldError('id_taken', `There is a user with the id ${id} already.`);
    const person = new Person({
      id,
      is_bot: false,
      first_name: init.first_name,
      ...(init.last_name === undefined ? {} : { last_name: init.last_name }),
      ...(init.username === undefined ? {} : { username: init.username }),
      language_code: init.language_code ?? 'en',
      ...(init.is_premium === true ? { is_premium: true } : {}),
    });
    this.people.set(id, person);
    this.changes.tell({ type: 'users' });
    return person;
  }

  /** Sets the person's language, as bots see it from now on. */
  setLanguage(person: Person, languageCode: string): void {
    person.user = { ...person.user, language_code: languageCode };
    this.changes.tell({ type: 'users' });
  }

  /** The person deletes their account. */
  deactivate(person: Person): void {
    person.isDeactivated = true;
    this.changes.tell({ type: 'users' });
  }

  topUp(person: Person, amount: number): void {
    person.wallet.add({ at: this.clock.now().toISOString(), change: amount, cause: 'top_up' });
    this.changes.tell({ type: 'wallet', userId: person.user.id });
  }

  bot(id: number): Bot {
    const bot = this.bots.get(id);
    if (bot === undefined) throw new WorldError('bot_not_found', `There is no bot ${id}.`, 404);
    return bot;
  }

  person(id: number): Person {
    const person = this.people.get(id);
    if (person === undefined) throw new WorldError('user_not_found', `There is no user ${id}.`, 404);
    return person;
  }

  /** The chat of this person with this bot, created if it does not exist. */
  chat(bot: Bot, person: Person): PrivateChat {
    const known = bot.chats.get(person.user.id);
    if (known !== undefined) return known;
    const chat: PrivateChat = { person, blocked: false, instance: this.random.digits(19), messages: new Map() };
    bot.chats.set(person.user.id, chat);
    return chat;
  }

  /** Queues an update for the bot, unless the bot has not subscribed to its kind. */
  publish<Kind extends UpdateKind>(bot: Bot, kind: Kind, owner: number, payload: UpdatePayloads[Kind]): void {
    if (!isWanted(bot.allowedUpdates, kind)) return;
    bot.queue.publish(kind, owner, payload);
    this.changes.tell({ type: 'updates', botId: bot.id });
  }

  /** Sends the bot's updates to this address from now on, and no longer to the previous one. */
  openWebhook(bot: Bot, settings: WebhookSettings): WebhookSender {
    bot.webhook?.stop();
    const { clock, random, faults, retryScale } = this;
    bot.webhook = new WebhookSender(settings, {
      botId: bot.id,
      clock,
      random,
      faults,
      queue: bot.queue,
      retryScale,
      onAttempt: (entry) => this.record(entry),
      onReply: (body) => this.onWebhookReply(bot, body),
    });
    return bot.webhook;
  }

  record(entry: LogEntry): void {
    this.#log.add(this.clock.now(), entry);
    this.changes.tell({ type: 'log' });
  }

  get log(): Log {
    return this.#log;
  }

  /** Resets to an empty world. The time does not change, since it never goes back. */
  reset(seed?: number): void {
    this.close();
    this.bots.clear();
    this.people.clear();
    this.files.clear();
    this.checkout.clear();
    this.subscriptions.clear();
    this.sharedChats.clear();
    this.gifts.clear();
    this.business.clear();
    this.faults.set([]);
    this.#log = new Log(this.options.logCapacity ?? 2_000);
    if (seed !== undefined) this.reseed(seed);
    this.changes.tell({ type: 'reset' });
  }

  /** Stops all deliveries and deadlines. */
  close(): void {
    for (const bot of this.bots.values()) {
      bot.webhook?.stop();
      bot.longPoll.interrupt('terminated by other getUpdates request');
    }
    this.checkout.abandonAll();
    this.inlineMode.abandonAll();
    this.clock.stop();
  }

  #newId(from: number, taken: ReadonlyMap<number, unknown>): number {
    let id = from + this.random.between(1_000, 99_999_999);
    while (taken.has(id)) id += 1;
    return id;
  }

  #newToken(id: number): string {
    return `${id}:AA${this.random.text(33)}`;
  }
}
