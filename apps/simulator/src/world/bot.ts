import type { Faults } from './faults.js';
import { BotLedger } from './ledger.js';
import { LongPoll } from './long-poll.js';
import type { MovableClock } from './clock.js';
import type { Random } from './random.js';
import type { Person } from './person.js';
import type { BotCommand, Chat, Message, User } from './telegram-types.js';
import { UpdateQueue } from './update-queue.js';
import type { WebhookSender } from './webhook.js';

/** A message with what the world knows beyond what the bot sees. */
export interface StoredMessage {
  message: Message;
  readonly outgoing: boolean;
  /** The offer behind an invoice message. */
  readonly offerId?: string;
  /** The receipt of the buyer's payment of this invoice message. */
  receiptMessageId?: number;
}

export interface PrivateChat {
  readonly person: Person;
  blocked: boolean;
  readonly instance: string;
  readonly messages: Map<number, StoredMessage>;
}

/** One bot, all that Telegram keeps about it. */
export class Bot {
  name: string;
  token: string;
  webhook: WebhookSender | undefined;
  /** undefined: the default set. */
  allowedUpdates: readonly string[] | undefined;
  readonly texts = { description: new Map<string, string>(), shortDescription: new Map<string, string>() };
  readonly commands = new Map<string, readonly BotCommand[]>();
  readonly chats = new Map<number, PrivateChat>();
  readonly ledger = new BotLedger();
  readonly queue: UpdateQueue;
  readonly longPoll: LongPoll;
  nextMessageId = 1;

  constructor(
    readonly id: number,
    readonly username: string,
    init: { name: string; token: string; clock: MovableClock; faults: Faults; random: Random },
  ) {
    this.name = init.name;
    this.token = init.token;
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
  commandsFor(languageCode: string | undefined): readonly BotCommand[] {
    for (const scope of ['all_private_chats', 'default']) {
      for (const language of [languageCode ?? '', '']) {
        const list = this.commands.get(`${scope}:${language}`);
        if (list !== undefined) return list;
      }
    }
    return [];
  }

  /** The text in the person's language, else the general one. */
  textFor(which: keyof Bot['texts'], languageCode: string | undefined): string {
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
