import type { Bot, BotSettings, Environment, PrivateChat } from './bot.js';
import type { StoredMessage } from './stored-message.js';
import type { StoredConnection } from './business.js';
import type { Offer } from './offer.js';
import type { StoredFile, Upload } from './files.js';
import type { WalletEntry } from './ledger.js';
import type { Forward, OwnedGift, Person } from './person.js';
import { freshSeed } from './random.js';
import {
  byMessageId,
  restoredSharedChat,
  type SharedChatSnapshot,
  sharedChatSnapshot,
} from './shared-chat-snapshot.js';
import type { Subscription } from './subscriptions.js';
import type { BotCommand, MenuButton, StarTransaction, User } from './telegram-types.js';
import type { QueuedUpdate } from './update-queue.js';
import type { WebhookSender, WebhookSettings } from './webhook.js';
import type { World } from './world.js';

/** Increase it with every change of `WorldSnapshot` that older code would misread, or that misreads older files. */
export const SNAPSHOT_VERSION = 1;

type Entries<Key, Value> = readonly (readonly [Key, Value])[];

interface ChatSnapshot {
  readonly userId: number;
  readonly blocked: boolean;
  readonly instance: string;
  readonly guestUntil?: number;
  readonly messages: readonly StoredMessage[];
}

interface BotSnapshot {
  readonly username: string;
  readonly name: string;
  readonly token: string;
  readonly environment?: Environment;
  readonly webhook?: { readonly settings: WebhookSettings; readonly lastError?: WebhookSender['lastError'] };
  readonly allowedUpdates?: readonly string[];
  readonly names?: Entries<string, string>;
  readonly description: Entries<string, string>;
  readonly shortDescription: Entries<string, string>;
  readonly commands: Entries<string, readonly BotCommand[]>;
  readonly menuButtons?: Entries<number, MenuButton>;
  readonly settings?: Partial<BotSettings>;
  readonly chats: readonly ChatSnapshot[];
  readonly transactions: readonly StarTransaction[];
  readonly nextMessageId: number;
  readonly nextUpdateId: number;
  readonly updates: readonly QueuedUpdate[];
}

interface PersonSnapshot {
  readonly user: User;
  readonly wallet: readonly WalletEntry[];
  readonly inbox: readonly Forward[];
  readonly gifts?: readonly OwnedGift[];
  readonly payments: number;
  readonly isDeactivated?: boolean;
}

interface FileSnapshot extends Omit<StoredFile, 'upload'> {
  readonly upload: Omit<Upload, 'bytes'> & { readonly base64: string };
}

/**
 * A world as JSON. It leaves out the log, faults and the updates that they hold back, waiting calls, open
 * pre-checkouts, and the random generator's state.
 */
export interface WorldSnapshot {
  readonly version: typeof SNAPSHOT_VERSION;
  readonly clockOffset: number;
  readonly people: readonly PersonSnapshot[];
  readonly bots: readonly BotSnapshot[];
  readonly offers: readonly (Omit<Offer, 'bot'> & { readonly botId: number })[];
  /** Offer ids, by the link's slug. */
  readonly links: Entries<string, string>;
  readonly callbacks: Entries<string, { readonly botId: number; readonly userId: number; readonly expiresAt: number }>;
  readonly files: readonly FileSnapshot[];
  /** Not in the files of older simulators. */
  readonly subscriptions?: readonly Subscription[];
  readonly sharedChats?: readonly SharedChatSnapshot[];
  readonly giftsGiven?: Entries<string, number>;
  readonly business?: readonly StoredConnection[];
}

/**
 * @param skippedIds the number of message and update ids that the restored world skips. 0 for a world that has
 * stopped; for a running one, more than it can give out before the next snapshot, so that no id is given out twice
 * after a crash
 */
export function snapshotOf(world: World, skippedIds: number): WorldSnapshot {
  const { clock, checkout, conversations, files } = world;
  const now = clock.millis();
  return {
    version: SNAPSHOT_VERSION,
    clockOffset: clock.offset,
    people: [...world.people.values()].map((person) => personSnapshot(person)),
    bots: [...world.bots.values()].map((bot) => botSnapshot(bot, skippedIds)),
    offers: [...checkout.offers.values()].map(({ bot, ...terms }) => ({ ...terms, botId: bot.id })),
    links: [...checkout.links].map(([slug, offer]) => [slug, offer.id]),
    callbacks: [...conversations.callbacks]
      .filter(([, { expiresAt }]) => expiresAt > now)
      .map(([id, { bot, userId, expiresAt }]) => [id, { botId: bot.id, userId, expiresAt }]),
    files: [...files.byId.values()].map(({ upload: { name, mimeType, bytes }, ...file }) => ({
      ...file,
      upload: { name, mimeType, base64: bytes.toString('base64') },
    })),
    sharedChats: [...world.sharedChats.byId.values()].map((chat) => sharedChatSnapshot(chat, skippedIds)),
    giftsGiven: [...world.gifts.given],
    business: [...world.business.byId.values()],
    subscriptions: [...world.subscriptions.byId.values()],
  };
}

const personSnapshot = ({ user, wallet, inbox, gifts, payments, isDeactivated }: Person): PersonSnapshot => ({
  user,
  wallet: wallet.entries(),
  inbox,
  gifts,
  payments,
  isDeactivated,
});

function botSnapshot(bot: Bot, skippedIds: number): BotSnapshot {
  const { username, name, token, webhook, allowedUpdates, texts, commands, chats, ledger, nextMessageId, queue } = bot;
  return {
    username,
    name,
    token,
    environment: bot.environment,
    ...(webhook === undefined ? {} : { webhook: webhookSnapshot(webhook) }),
    ...(allowedUpdates === undefined ? {} : { allowedUpdates }),
    names: [...texts.name],
    description: [...texts.description],
    shortDescription: [...texts.shortDescription],
    commands: [...commands],
    menuButtons: [...bot.menuButtons],
    settings: bot.settings,
    chats: [...chats.values()].map(chatSnapshot),
    transactions: ledger.all(),
    nextMessageId: nextMessageId + skippedIds,
    nextUpdateId: queue.nextId + skippedIds,
    updates: queue.pending(),
  };
}

const webhookSnapshot = ({ settings, lastError }: WebhookSender) => ({
  settings,
  ...(lastError === undefined ? {} : { lastError }),
});

const chatSnapshot = ({ person, blocked, instance, guestUntil, messages }: PrivateChat): ChatSnapshot => ({
  userId: person.user.id,
  blocked,
  instance,
  ...(guestUntil === undefined ? {} : { guestUntil }),
  messages: [...messages.values()],
});

/**
 * Restores everything into an empty world, with a new random seed so that no id repeats. Webhooks are not restored yet:
 * their updates would be sent at once, so call `restoreWebhooks` when bots can call back.
 */
export function restoreWorld(world: World, snapshot: WorldSnapshot): void {
  world.clock.advance(snapshot.clockOffset);
  world.reseed(freshSeed());
  for (const person of snapshot.people) restorePerson(world, person);
  for (const bot of snapshot.bots) restoreBot(world, bot);
  const { checkout, conversations, files } = world;
  for (const { botId, ...terms } of snapshot.offers) checkout.offers.set(terms.id, { ...terms, bot: world.bot(botId) });
  for (const [slug, offerId] of snapshot.links) checkout.links.set(slug, checkout.offer(offerId));
  for (const [id, { botId, ...press }] of snapshot.callbacks) {
    conversations.callbacks.set(id, { ...press, bot: world.bot(botId) });
  }
  for (const { upload, ...file } of snapshot.files) {
    const { name, mimeType, base64 } = upload;
    files.byId.set(file.ref.file_id, { ...file, upload: { name, mimeType, bytes: Buffer.from(base64, 'base64') } });
  }
  for (const chat of snapshot.sharedChats ?? [])
    world.sharedChats.byId.set(chat.id, restoredSharedChat(chat, world.clock));
  for (const [id, count] of snapshot.giftsGiven ?? []) world.gifts.given.set(id, count);
  for (const connection of snapshot.business ?? []) world.business.byId.set(connection.id, { ...connection });
  for (const subscription of snapshot.subscriptions ?? []) world.subscriptions.keep({ ...subscription });
}

/** Restores webhooks, which sends the updates that were pending. */
export function restoreWebhooks(world: World, snapshot: WorldSnapshot): void {
  for (const { token, webhook, environment = 'production' } of snapshot.bots) {
    const bot = world.botByToken(token, environment);
    if (bot === undefined || webhook === undefined) continue;
    world.openWebhook(bot, webhook.settings).lastError = webhook.lastError;
  }
}

function restorePerson(world: World, { user, wallet, inbox, gifts, payments, isDeactivated }: PersonSnapshot): void {
  const person = world.createPerson(user);
  for (const entry of wallet) person.wallet.add(entry);
  person.inbox.push(...inbox);
  person.gifts.push(...(gifts ?? []));
  person.payments = payments;
  person.isDeactivated = isDeactivated ?? false;
}

function restoreBot(world: World, snapshot: BotSnapshot): void {
  const { allowedUpdates, description, shortDescription, commands, chats, transactions } = snapshot;
  const bot = world.createBot(snapshot);
  bot.allowedUpdates = allowedUpdates;
  for (const [language, text] of snapshot.names ?? []) bot.texts.name.set(language, text);
  for (const [language, text] of description) bot.texts.description.set(language, text);
  for (const [language, text] of shortDescription) bot.texts.shortDescription.set(language, text);
  for (const [key, list] of commands) bot.commands.set(key, list);
  for (const [chatId, button] of snapshot.menuButtons ?? []) bot.menuButtons.set(chatId, button);
  for (const { userId, messages, ...chat } of chats) {
    bot.chats.set(userId, { ...chat, person: world.person(userId), messages: byMessageId(messages) });
  }
  for (const row of transactions) bot.ledger.add(row);
  bot.nextMessageId = snapshot.nextMessageId;
  bot.queue.resume(snapshot.nextUpdateId, snapshot.updates);
}
