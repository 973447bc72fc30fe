import { SECOND } from '#libs/kernel';
import type { Bot, PrivateChat } from './bot.js';
import type { Cancel } from './clock.js';
import type { Conversations } from './conversations.js';
import { badRequest, WorldError } from './errors.js';
import type { Ground } from './ground.js';
import type { Forward, Person } from './person.js';
import type { Message } from './telegram-types.js';

/** What an invoice asks for, whether it was sent as a message or made into a link. */
export interface Offer {
  readonly id: string;
  readonly bot: Bot;
  readonly title: string;
  readonly description: string;
  readonly payload: string;
  readonly label: string;
  readonly amount: number;
  readonly startParameter: string;
  readonly photoUrl?: string;
}

/** How an attempt to pay ended. `text` is what the buyer reads. */
export type PaymentOutcome =
  | { readonly status: 'paid'; readonly chargeId: string; readonly messageId: number; readonly text: string }
  | { readonly status: 'refused' | 'timeout' | 'not_enough_stars' | 'abandoned'; readonly text: string };

interface OpenQuery {
  readonly bot: Bot;
  readonly person: Person;
  readonly offer: Offer;
  readonly invoiceMessageId: number | undefined;
  readonly settle: (outcome: PaymentOutcome) => void;
  readonly cancelDeadline: Cancel;
}

const ANSWER_DEADLINE = 10 * SECOND;
// Both lengths were seen in real updates.
const CHARGE_ID_LENGTHS = [110, 131] as const;
const TOO_OLD = 'query is too old and response timeout expired or query ID is invalid';

/** Stars change hands: invoice, pre-checkout, payment, refund. */
export class Checkout {
  /** By id. */
  readonly offers = new Map<string, Offer>();
  /** By the slug of the link. */
  readonly links = new Map<string, Offer>();
  readonly #queries = new Map<string, OpenQuery>();

  constructor(
    private readonly world: Ground,
    private readonly conversations: Conversations,
  ) {}

  createOffer(terms: Omit<Offer, 'id'>): Offer {
    const offer = { ...terms, id: this.world.random.text(16) };
    this.offers.set(offer.id, offer);
    return offer;
  }

  createLink(offer: Offer): string {
    const slug = this.world.random.text(22);
    this.links.set(slug, offer);
    return `https://t.me/$${slug}`;
  }

  offer(id: string): Offer {
    const offer = this.offers.get(id);
    if (offer === undefined) throw new WorldError('invoice_not_found', 'There is no such invoice.', 404);
    return offer;
  }

  /** The invoice behind a link in any of Telegram's spellings. */
  offerByLink(link: string): Offer {
    const slug = /(?:\$|\/invoice\/|invoice\?slug=)([\w-]+)$/.exec(link)?.[1] ?? link;
    const offer = this.links.get(slug);
    if (offer === undefined) throw new WorldError('invoice_not_found', 'There is no such invoice link.', 404);
    return offer;
  }

  forward(offer: Offer, from: Person, to: Person): Forward {
    const deepLink = `https://t.me/${offer.bot.username}?start=${offer.startParameter}`;
    const forward: Forward = {
      id: this.world.random.text(16),
      botId: offer.bot.id,
      offerId: offer.id,
      from: from.user,
      date: this.world.clock.seconds(),
      ...(offer.startParameter === '' ? {} : { url: deepLink }),
    };
    to.inbox.push(forward);
    this.world.changes.tell({ type: 'inbox', userId: to.user.id });
    return forward;
  }

  /** The buyer presses Pay. Resolves when it is decided, at the latest when the bot's ten seconds are over. */
  pay(person: Person, offer: Offer, invoiceMessageId?: number): Promise<PaymentOutcome> {
    if (person.wallet.balance() < offer.amount) return Promise.resolve(this.#notEnough(person, offer));
    const { bot } = offer;
    const id = this.world.random.digits(19);
    return new Promise((settle) => {
      const text = `@${bot.username} did not answer in time. No Stars were taken.`;
      const expire = (): void => this.#close(id)?.settle({ status: 'timeout', text });
      const cancelDeadline = this.world.clock.after(ANSWER_DEADLINE, expire);
      this.#queries.set(id, { bot, person, offer, invoiceMessageId, settle, cancelDeadline });
      this.world.publish(bot, 'pre_checkout_query', person.user.id, {
        id,
        from: person.user,
        currency: 'XTR',
        total_amount: offer.amount,
        invoice_payload: offer.payload,
      });
    });
  }

  /** answerPreCheckoutQuery. @throws ApiError when the query is not this bot's, was answered, or its ten seconds are over. */
  answer(bot: Bot, queryId: string, refusal: string | undefined): void {
    if (this.#queries.get(queryId)?.bot !== bot) throw badRequest(TOO_OLD);
    const query = this.#close(queryId);
    if (query === undefined) throw badRequest(TOO_OLD);
    if (refusal === undefined) query.settle(this.#take(query));
    else query.settle({ status: 'refused', text: refusal });
  }

  /**
   * refundStarPayment. Two wordings are assumptions, no public source was found: `CHARGE_NOT_FOUND` for a charge this bot
   * never got from this user, `BALANCE_TOO_LOW` when the bot has spent the Stars.
   */
  refund(bot: Bot, person: Person, chargeId: string): void {
    const payment = bot.ledger.payment(chargeId);
    const partner = payment?.source;
    if (payment === undefined || partner?.type !== 'user' || partner.user.id !== person.user.id) {
      throw badRequest('CHARGE_NOT_FOUND');
    }
    if (bot.ledger.isRefunded(chargeId)) throw badRequest('CHARGE_ALREADY_REFUNDED');
    if (bot.ledger.balance() < payment.amount) throw badRequest('BALANCE_TOO_LOW');
    bot.ledger.add({ id: chargeId, amount: payment.amount, date: this.world.clock.seconds(), receiver: partner });
    this.#moveWallet(person, payment.amount, 'refund', bot, chargeId);
    this.conversations.service(bot, this.world.chat(bot, person), bot.user(), {
      refunded_payment: {
        currency: 'XTR',
        total_amount: payment.amount,
        invoice_payload: partner.invoice_payload,
        telegram_payment_charge_id: chargeId,
      },
    });
  }

  /** The owner takes Stars out through Fragment: the way a bot comes to lack Stars for a refund. */
  withdraw(bot: Bot, amount: number): void {
    if (bot.ledger.balance() < amount)
      throw new WorldError('balance_too_low', `@${bot.username} has fewer Stars than that.`);
    const date = this.world.clock.seconds();
    const url = 'https://fragment.com/tx/simulated';
    const receiver = { type: 'fragment', withdrawal_state: { type: 'succeeded', date, url } } as const;
    bot.ledger.add({ id: this.#newChargeId(), amount, date, receiver });
    this.world.changes.tell({ type: 'bots' });
  }

  abandonAll(): void {
    for (const id of this.#queries.keys()) {
      this.#close(id)?.settle({ status: 'abandoned', text: 'The simulator was stopped or reset.' });
    }
  }

  clear(): void {
    this.abandonAll();
    this.offers.clear();
    this.links.clear();
  }

  #take(query: OpenQuery): PaymentOutcome {
    const { bot, person, offer } = query;
    if (person.wallet.balance() < offer.amount) return this.#notEnough(person, offer);
    const chargeId = this.#newChargeId();
    person.payments += 1;
    this.#moveWallet(person, -offer.amount, 'payment', bot, chargeId);
    bot.ledger.add({
      id: chargeId,
      amount: offer.amount,
      date: this.world.clock.seconds(),
      source: { type: 'user', transaction_type: 'invoice_payment', user: person.user, invoice_payload: offer.payload },
    });
    const chat = this.world.chat(bot, person);
    const receipt = this.#receipt(query, chat, chargeId);
    const invoice = query.invoiceMessageId === undefined ? undefined : chat.messages.get(query.invoiceMessageId);
    if (invoice !== undefined) invoice.receiptMessageId = receipt.message_id;
    return { status: 'paid', chargeId, messageId: receipt.message_id, text: `You paid ${offer.amount} Stars.` };
  }

  #receipt({ bot, person, offer }: OpenQuery, chat: PrivateChat, chargeId: string): Message {
    return this.conversations.service(bot, chat, person.user, {
      successful_payment: {
        currency: 'XTR',
        total_amount: offer.amount,
        invoice_payload: offer.payload,
        telegram_payment_charge_id: chargeId,
        provider_payment_charge_id: `${person.user.id}_${person.payments}`,
      },
    });
  }

  #close(queryId: string): OpenQuery | undefined {
    const query = this.#queries.get(queryId);
    this.#queries.delete(queryId);
    query?.cancelDeadline();
    return query;
  }

  #moveWallet(person: Person, change: number, cause: 'payment' | 'refund', bot: Bot, chargeId: string): void {
    person.wallet.add({ at: this.world.clock.now().toISOString(), change, cause, botId: bot.id, chargeId });
    this.world.changes.tell({ type: 'wallet', userId: person.user.id });
  }

  #notEnough(person: Person, offer: Offer): PaymentOutcome {
    const missing = offer.amount - person.wallet.balance();
    return { status: 'not_enough_stars', text: `You need ${missing} more Stars.` };
  }

  #newChargeId(): string {
    const length = CHARGE_ID_LENGTHS[this.world.random.between(0, 1)] ?? 131;
    return `stx${this.world.random.text(length - 3)}`;
  }
}
