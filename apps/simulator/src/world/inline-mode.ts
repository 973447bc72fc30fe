import { SECOND } from '#libs/kernel';
import type { Bot } from './bot.js';
import type { StoredMessage } from './stored-message.js';
import type { Checkout } from './checkout.js';
import type { Cancel } from './clock.js';
import type { Conversations } from './conversations.js';
import { badRequest, WorldError } from './errors.js';
import type { Ground } from './ground.js';
import type { Offer } from './offer.js';
import type { Person } from './person.js';
import type { SharedChat } from './shared-chat.js';
import type { SharedChats } from './shared-chats.js';
import type { MessageContent } from './telegram-types.js';

/** One result of a bot for `@bot query`: its row in the list, and the content sent when it is picked. */
export interface InlineResult {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly content: MessageContent;
  /** Fetches the rest of the content when it is sent. Rejects with an ApiError. */
  readonly load?: () => Promise<MessageContent>;
  /** The terms of an invoice. */
  readonly offer?: Omit<Offer, 'id'>;
}

export type InlineAnswer =
  | {
      readonly status: 'answered';
      readonly queryId: string;
      readonly results: readonly InlineResult[];
      readonly nextOffset: string;
    }
  | { readonly status: 'timeout' | 'abandoned'; readonly queryId: string };

interface OpenQuery {
  readonly bot: Bot;
  readonly settle: (answer: InlineAnswer) => void;
  readonly cancelDeadline: Cancel;
}

interface AnsweredQuery {
  readonly bot: Bot;
  readonly person: Person;
  readonly query: string;
  readonly results: readonly InlineResult[];
}

/** A Mini App that a person has open, in which they may send a message. */
interface OpenWebApp {
  readonly bot: Bot;
  readonly person: Person;
}

/** The destination of a picked result: the chat with a bot, a group or channel, or a friend. */
export type Destination = { readonly bot: Bot } | { readonly chat: SharedChat } | { readonly friend: Person };

// Telegram documents no deadline for inline queries but drops their updates after 30 s; people wait about 10 s.
const ANSWER_DEADLINE = 10 * SECOND;
/** Seconds for which a prepared message can be sent. Telegram returns the date without documenting the rule. */
const PREPARED_FOR = 86_400;
const TOO_OLD = 'query is too old and response timeout expired or query ID is invalid';

/** `@bot query` in any chat. */
export class InlineMode {
  readonly #open = new Map<string, OpenQuery>();
  readonly #answered = new Map<string, AnsweredQuery>();
  readonly #webApps = new Map<string, OpenWebApp>();

  constructor(
    private readonly world: Ground,
    private readonly conversations: Conversations,
    private readonly sharedChats: SharedChats,
    private readonly checkout: Checkout,
  ) {}

  /** The person types a query. Resolves when the bot has answered, at the latest after ten seconds. */
  ask(bot: Bot, person: Person, query: string, offset: string, chatType: string): Promise<InlineAnswer> {
    if (!bot.settings.inline) throw new WorldError('inline_off', `@${bot.username} has inline mode switched off.`);
    const id = this.world.random.digits(19);
    return new Promise((settle) => {
      const cancelDeadline = this.world.clock.after(ANSWER_DEADLINE, () => {
        this.#close(id)?.settle({ status: 'timeout', queryId: id });
      });
      const keep = (answer: InlineAnswer): void => {
        if (answer.status === 'answered') this.#answered.set(id, { bot, person, query, results: answer.results });
        settle(answer);
      };
      this.#open.set(id, { bot, settle: keep, cancelDeadline });
      this.world.publish(bot, 'inline_query', person.user.id, {
        id,
        from: person.user,
        query,
        offset,
        chat_type: chatType,
      });
    });
  }

  /** answerInlineQuery. @throws ApiError when the query is not this bot's, was answered, or is too old */
  answer(bot: Bot, queryId: string, results: readonly InlineResult[], nextOffset: string): void {
    if (this.#open.get(queryId)?.bot !== bot) throw badRequest(TOO_OLD);
    this.#close(queryId)?.settle({ status: 'answered', queryId, results, nextOffset });
  }

  /**
   * savePreparedInlineMessage: the person can pick the message as if it were the only result of a query with this id.
   */
  prepare(bot: Bot, person: Person, result: InlineResult): { readonly id: string; readonly expiration_date: number } {
    const id = this.world.random.text(24);
    this.#answered.set(id, { bot, person, query: '', results: [result] });
    return { id, expiration_date: this.world.clock.seconds() + PREPARED_FOR };
  }

  /** The person opens a Mini App of the bot in their chat with it. @returns the query id for answerWebAppQuery */
  openWebApp(bot: Bot, person: Person): string {
    const id = this.world.random.text(24);
    this.#webApps.set(id, { bot, person });
    return id;
  }

  /** answerWebAppQuery, possible once per query. @throws ApiError when the query is not this bot's or was answered */
  async answerWebApp(bot: Bot, queryId: string, result: InlineResult): Promise<string> {
    const app = this.#webApps.get(queryId);
    if (app?.bot !== bot) throw badRequest(TOO_OLD);
    this.#webApps.delete(queryId);
    return this.#send(bot, app.person, result, { bot });
  }

  /** The person picks a result, which is posted where they typed. */
  async pick(queryId: string, resultId: string, to: Destination): Promise<void> {
    const answered = this.#answered.get(queryId);
    const result = answered?.results.find(({ id }) => id === resultId);
    if (answered === undefined || result === undefined) {
      throw new WorldError('result_not_found', 'There is no such inline result.', 404);
    }
    const { bot, person, query } = answered;
    const inlineMessageId = await this.#send(bot, person, result, to);
    if (!bot.settings.inlineFeedback) return;
    this.world.publish(bot, 'chosen_inline_result', person.user.id, {
      result_id: resultId,
      from: person.user,
      query,
      ...(result.content.reply_markup === undefined ? {} : { inline_message_id: inlineMessageId }),
    });
  }

  abandonAll(): void {
    for (const id of this.#open.keys()) this.#close(id)?.settle({ status: 'abandoned', queryId: id });
    this.#answered.clear();
    this.#webApps.clear();
  }

  async #send(bot: Bot, person: Person, result: InlineResult, to: Destination): Promise<string> {
    const loaded = await result.load?.();
    const offer = result.offer === undefined ? undefined : this.checkout.createOffer(result.offer);
    const inlineMessageId = this.world.random.text(27);
    if ('friend' in to) {
      if (offer === undefined) throw new WorldError('not_an_invoice', 'Only invoices can be sent to friends.');
      this.checkout.forward(offer, person, to.friend);
      return inlineMessageId;
    }
    const content: MessageContent = { via_bot: bot.user(), ...result.content, ...loaded };
    const extra: Partial<StoredMessage> = {
      botId: bot.id,
      inlineMessageId,
      ...(offer === undefined ? {} : { offerId: offer.id }),
    };
    if ('chat' in to) this.sharedChats.personSays(to.chat, person, content, extra);
    else this.conversations.personSends(to.bot, person, content, extra);
    return inlineMessageId;
  }

  #close(queryId: string): OpenQuery | undefined {
    const query = this.#open.get(queryId);
    this.#open.delete(queryId);
    query?.cancelDeadline();
    return query;
  }
}
