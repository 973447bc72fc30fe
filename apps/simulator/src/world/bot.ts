import type { Faults } from './faults.js';
import { BotLedger } from './ledger.js';
import { LongPoll } from './long-poll.js';
import type { MovableClock } from './clock.js';
import type { Random } from './random.js';
import type { Person } from './person.js';
import type { SharedChat } from './shared-chat.js';
import type { BotCommand, Chat, MenuButton, User } from './telegram-types.js';
import type { StoredMessage } from './stored-message.js';
import { UpdateQueue } from './update-queue.js';
import type { WebhookSender } from './webhook.js';

export interface PrivateChat {
  readonly person: Person;
  blocked: boolean;
  readonly instance: string;
  readonly messages: Map<number, StoredMessage>;
  /** For a person who has only requested to join a chat: the time, in milliseconds, until which the bot may write. */
  guestUntil?: number;
}

/** A chat that contains messages. */
export type Place = PrivateChat | SharedChat;

export const isPrivate = (place: Place): place is PrivateChat => 'person' in place;

/** The options that the owner has in BotFather; all off at first, as there. */
export interface BotSettings {
  /** `/setinline`: people may type `@bot ...` anywhere. */
  inline: boolean;
  /** `/setinlinefeedback`: the bot gets `chosen_inline_result`. */
  inlineFeedback: boolean;
  /** `Business Mode`: people may connect the bot to their account. */
  business: boolean;
  /** Maximum price of an invoice in Stars; unlimited if omitted. Telegram has a limit but does not publish it. */
  largestInvoice?: number;
}

/** Telegram's two environments, each with its own bots, people and Stars: the real one, and the test environment. */
export const ENVIRONMENTS = ['production', 'test'] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

/** A bot, with everything that Telegram keeps about it. */
export class Bot {
  name: string;
  token: string;
  webhook: WebhookSender | undefined;
  /** undefined: the default set. */
  allowedUpdates: readonly string[] | undefined;
  readonly texts = {
    /** Names for particular languages. */
    name: new Map<string, string>(),
    description: new Map<string, string>(),
    shortDescription: new Map<string, string>(),
  };
  readonly commands = new Map<string, readonly BotCommand[]>();
  /** By the id of the private chat; 0 is the default for all others. */
  readonly menuButtons = new Map<number, MenuButton>();
  readonly chats = new Map<number, PrivateChat>();
  readonly settings: BotSettings = { inline: false, inlineFeedback: false, business: false };
  readonly environment: Environment;
  readonly ledger = new BotLedger();
  readonly queue: UpdateQueue;
  readonly longPoll: LongPoll;
  nextMessageId = 1;

  constructor(
    readonly id: number,
    readonly username: string,
    init: {
      readonly name: string;
      readonly token: string;
      readonly environment: Environment;
      readonly clock: MovableClock;
      readonly faults: Faults;
      readonly random: Random;
    },
  ) {
    this.name = init.name;
    this.token = init.token;
    this.environment = init.environment;
    this.queue = new UpdateQueue(id, init.clock, init.faults, init.random);
    this.longPoll = new LongPoll(init.clock, this.queue);
  }

  user(): User {
    return { id: this.id, is_bot: true, first_name: this.name, username: this.username };
  }

  newMessageId(): number {
    const id = this.nextMessageId;
    this.nextMessageId += 1;
    return id;
  }

  /** The commands a person sees in a private chat: the most specific list wins. */
  commandsFor(user: User): readonly BotCommand[] {
    return this.#commandsIn([`chat:${user.id}`, 'all_private_chats', 'default'], user);
  }

  /** The same in a group. Channels have no commands. */
  commandsInGroup(chat: SharedChat, user: User): readonly BotCommand[] {
    if (chat.type === 'channel') return [];
    const rules = chat.isAdministrator(user.id);
    const scopes = [
      `chat_member:${chat.id}:${user.id}`,
      ...(rules ? [`chat_administrators:${chat.id}`] : []),
      `chat:${chat.id}`,
      ...(rules ? ['all_chat_administrators'] : []),
      'all_group_chats',
      'default',
    ];
    return this.#commandsIn(scopes, user);
  }

  #commandsIn(scopes: readonly string[], { language_code }: User): readonly BotCommand[] {
    for (const scope of scopes) {
      for (const language of [language_code ?? '', '']) {
        const list = this.commands.get(`${scope}:${language}`);
        if (list !== undefined) return list;
      }
    }
    return [];
  }

  /** The text in the person's language, else the general text. */
  textFor(which: 'description' | 'shortDescription', languageCode: string | undefined): string {
    return this.texts[which].get(languageCode ?? '') ?? this.texts[which].get('') ?? '';
  }
}

export function chatOf(person: Person): Chat {
  const { id, first_name, last_name, username } = person.user;
  return {
    id,
    first_name,
    ...(last_name === undefined ? {} : { last_name }),
    ...(username === undefined ? {} : { username }),
    type: 'private',
  };
}
