import { type Bot, chatOf, isPrivate, type Place, type PrivateChat } from './bot.js';
import type { StoredMessage } from './stored-message.js';
import { recognise, trimmed } from './entities.js';
import { WorldError } from './errors.js';
import { shown, type StoredFile } from './files.js';
import type { Ground } from './ground.js';
import type { Person } from './person.js';
import type { SharedChat } from './shared-chat.js';
import type { SharedChats } from './shared-chats.js';
import type { ChatMember, InlineKeyboardButton, Message, MessageContent, User } from './telegram-types.js';

/** A button press that the bot has not answered yet. */
interface PendingCallback {
  readonly bot: Bot;
  readonly userId: number;
  readonly expiresAt: number;
}

export interface CallbackAnswer {
  readonly text: string;
  readonly showAlert: boolean;
  readonly url?: string;
}

type ButtonChoice = (button: InlineKeyboardButton, index: number) => boolean;

// Telegram does not document for how long a button press can be answered; in practice it is 15 minutes.
const CALLBACK_DEADLINE = 15 * 60_000;
const LONGEST_TEXT = 4_096;
const LONGEST_CAPTION = 1_024;

/** The caption of a file, and the message that it replies to. */
interface Beside {
  readonly caption?: string | undefined;
  readonly repliesTo?: number | undefined;
}

/** Messages between people and bots. */
export class Conversations {
  /** By the id of the query. */
  readonly callbacks = new Map<string, PendingCallback>();

  constructor(
    private readonly world: Ground,
    private readonly sharedChats: SharedChats,
  ) {}

  /** Posts a message of the bot. Bots get no update for their own messages. */
  botSays(bot: Bot, place: Place, content: MessageContent, extra: Partial<StoredMessage> = {}): Message {
    if (!isPrivate(place)) return this.sharedChats.post(place, bot.user(), content, extra);
    return this.#post(bot, place, bot.user(), content, { outgoing: true, ...extra });
  }

  /** Posts a service message, shown to the person and sent to the bot, whoever its author is. */
  service(bot: Bot, chat: PrivateChat, from: User, content: MessageContent): Message {
    const message = this.#post(bot, chat, from, content, { outgoing: from.is_bot });
    this.world.publish(bot, 'message', chat.person.user.id, message);
    return message;
  }

  /** @param repliesTo a message of the same chat */
  personSays(bot: Bot, person: Person, text: string, repliesTo?: number): Message {
    return this.personSends(bot, person, {
      ...written(text),
      ...this.#quoted(this.world.chat(bot, person), repliesTo),
    });
  }

  /** A photo, document, video or recording of the person; it becomes a file of the bot, as on Telegram. */
  personSendsFile(bot: Bot, person: Person, file: StoredFile, { caption = '', repliesTo }: Beside = {}): Message {
    if (caption.length > LONGEST_CAPTION) throw new WorldError('text_too_long', 'At most 1024 characters.', 400);
    const words = caption === '' ? {} : { caption };
    return this.personSends(bot, person, {
      ...shown(file),
      ...words,
      ...this.#quoted(this.world.chat(bot, person), repliesTo),
    });
  }

  /** @param repliesTo a message of the same chat */
  personSaysIn(place: SharedChat, person: Person, text: string, repliesTo?: number): Message {
    return this.sharedChats.personSays(place, person, { ...written(text), ...this.#quoted(place, repliesTo) });
  }

  /** Posts the person's message in the chat with the bot. */
  personSends(bot: Bot, person: Person, content: MessageContent, extra: Partial<StoredMessage> = {}): Message {
    const chat = this.#openChat(bot, person);
    delete chat.guestUntil;
    const message = this.#post(bot, chat, person.user, content, { outgoing: false, ...extra });
    this.world.publish(bot, 'message', person.user.id, message);
    return message;
  }

  /** The person presses a callback button in the chat with this bot. @returns the id of the query that the bot got */
  press(bot: Bot, person: Person, messageId: number, choose: ButtonChoice): string {
    return this.#press(this.#openChat(bot, person), person, messageId, choose, bot);
  }

  pressIn(place: SharedChat, person: Person, messageId: number, choose: ButtonChoice): string {
    if (!place.isIn(person.user.id)) {
      throw new WorldError('not_a_member', `${person.user.first_name} is not in ${place.title}.`, 403);
    }
    return this.#press(place, person, messageId, choose);
  }

  /** Shows the bot's answer to the person who pressed. False when the query is unknown, too old or already answered. */
  answerCallback(bot: Bot, queryId: string, answer: CallbackAnswer): boolean {
    const pending = this.callbacks.get(queryId);
    if (pending?.bot !== bot || pending.expiresAt <= this.world.clock.millis()) return false;
    this.callbacks.delete(queryId);
    const { text, showAlert, url } = answer;
    const shown = { text, showAlert, ...(url === undefined ? {} : { url }) };
    this.world.changes.tell({
      type: 'callback_answer',
      botId: bot.id,
      userId: pending.userId,
      callbackQueryId: queryId,
      ...shown,
    });
    return true;
  }

  /** Replaces `parts` of the message with those in `change`; a part missing there is removed. */
  edit(
    bot: Bot,
    place: Place,
    stored: StoredMessage,
    parts: readonly (keyof MessageContent)[],
    change: MessageContent,
  ): Message {
    const kept = { ...stored.message };
    for (const part of parts) delete kept[part];
    stored.message = { ...kept, ...change, edit_date: this.world.clock.seconds() };
    this.#tell(bot, place);
    return stored.message;
  }

  /** The message that was sent via the bot, and its chat. */
  inlineMessage(bot: Bot, id: string): { readonly place: Place; readonly stored: StoredMessage } | undefined {
    const privateChats = [...this.world.bots.values()].flatMap((each) => [...each.chats.values()]);
    for (const place of [...privateChats, ...this.sharedChats.byId.values()]) {
      for (const stored of place.messages.values()) {
        if (stored.inlineMessageId === id && stored.botId === bot.id) return { place, stored };
      }
    }
    return undefined;
  }

  delete(bot: Bot, place: Place, messageId: number): boolean {
    const deleted = place.messages.delete(messageId);
    if (deleted) this.#tell(bot, place);
    return deleted;
  }

  message(place: Place, messageId: number): StoredMessage {
    const stored = place.messages.get(messageId);
    if (stored === undefined)
      throw new WorldError('message_not_found', `There is no message ${messageId} in this chat.`, 404);
    return stored;
  }

  /** The person blocks or unblocks the bot, which gets a `my_chat_member` update. */
  setBlocked(bot: Bot, person: Person, blocked: boolean): void {
    const chat = this.world.chat(bot, person);
    if (chat.blocked === blocked) return;
    chat.blocked = blocked;
    const member: ChatMember = { user: bot.user(), status: 'member' };
    const kicked: ChatMember = { user: bot.user(), status: 'kicked', until_date: 0 };
    this.world.publish(bot, 'my_chat_member', person.user.id, {
      chat: chatOf(person),
      from: person.user,
      date: this.world.clock.seconds(),
      old_chat_member: blocked ? member : kicked,
      new_chat_member: blocked ? kicked : member,
    });
    this.#tell(bot, chat);
  }

  /** One level deep, as on Telegram. */
  #quoted(place: Place, messageId: number | undefined): Pick<MessageContent, 'reply_to_message'> {
    if (messageId === undefined) return {};
    const { reply_to_message: _, ...flat } = this.message(place, messageId).message;
    return { reply_to_message: flat };
  }

  /** The chat, unless the person cannot write in it. @throws WorldError */
  #openChat(bot: Bot, person: Person): PrivateChat {
    const chat = this.world.chat(bot, person);
    if (chat.blocked) throw new WorldError('bot_blocked', `${person.user.first_name} has blocked @${bot.username}.`);
    return chat;
  }

  #press(place: Place, person: Person, messageId: number, choose: ButtonChoice, owner?: Bot): string {
    const { message, botId, inlineMessageId } = this.message(place, messageId);
    const bot = botId === undefined ? owner : this.world.bot(botId);
    const buttons = message.reply_markup?.inline_keyboard.flat() ?? [];
    const button = buttons.find((candidate, index) => choose(candidate, index));
    if (bot === undefined || button?.callback_data === undefined) {
      throw new WorldError('no_such_button', `Message ${messageId} has no such callback button.`, 404);
    }
    const id = this.world.random.digits(19);
    const expiresAt = this.world.clock.millis() + CALLBACK_DEADLINE;
    this.callbacks.set(id, { bot, userId: person.user.id, expiresAt });
    this.world.publish(bot, 'callback_query', person.user.id, {
      id,
      from: person.user,
      ...(inlineMessageId === undefined ? { message } : { inline_message_id: inlineMessageId }),
      chat_instance: place.instance,
      data: button.callback_data,
    });
    return id;
  }

  #post(
    bot: Bot,
    chat: PrivateChat,
    from: User,
    content: MessageContent,
    kind: Omit<StoredMessage, 'message'>,
  ): Message {
    const message: Message = {
      message_id: bot.newMessageId(),
      from,
      chat: chatOf(chat.person),
      date: this.world.clock.seconds(),
      ...content,
    };
    chat.messages.set(message.message_id, { message, ...kind });
    this.#tell(bot, chat);
    return message;
  }

  #tell(bot: Bot, place: Place): void {
    if (isPrivate(place)) this.world.changes.tell({ type: 'chat', botId: bot.id, userId: place.person.user.id });
    else this.sharedChats.tell(place);
  }
}

/** A typed text, with the entities that Telegram finds in it. */
function written(text: string): MessageContent {
  const rich = recognise(trimmed({ text, entities: [] }));
  if (rich.text === '') throw new WorldError('text_empty', 'There is nothing to send.', 400);
  if (rich.text.length > LONGEST_TEXT) throw new WorldError('text_too_long', 'At most 4096 characters.', 400);
  return { text: rich.text, ...(rich.entities.length === 0 ? {} : { entities: rich.entities }) };
}
