import { SECOND, starsInWords } from '#libs/kernel';
import type { Bot } from './bot.js';
import type { Cancel } from './clock.js';
import type { Conversations } from './conversations.js';
import { badRequest, WorldError } from './errors.js';
import type { Ground } from './ground.js';
import { notEnough, type Offer, type PaymentOutcome } from './offer.js';
import type { Forward, Person } from './person.js';
import type { Seller, Subscription, Subscriptions } from './subscriptions.js';
import type { UserPartner } from './telegram-types.js';
import type { Till } from './till.js';

interface OpenQuery {
  readonly bot: Bot;
  readonly person: Person;
  readonly offer: Offer;
  readonly invoiceMessageId: number | undefined;
  readonly settle: (outcome: PaymentOutcome) => void;
  readonly cancelDeadline: Cancel;
}

const ANSWER_DEADLINE = 10 * SECOND;
const TOO_OLD = 'query is too old and response timeout expired or query ID is invalid';

/** Payments: pre-checkout, payment, renewal and refund. */
export class Checkout implements Seller {
  /** By id. */
  readonly offers = new Map<string, Offer>();
  /** By the slug of the link. */
  readonly links = new Map<string, Offer>();
  readonly #queries = new Map<string, OpenQuery>();

  constructor(
    private readonly world: Ground,
    private readonly conversations: Conversations,
    private readonly till: Till,
    private readonly subscriptions: Subscriptions,
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

  /** The buyer presses Pay. Resolves with the outcome, at the latest after the bot's ten seconds. */
  pay(person: Person, offer: Offer, invoiceMessageId?: number): Promise<PaymentOutcome> {
    const refusal = this.#refusal(person, offer);
    if (refusal !== undefined) return Promise.resolve(refusal);
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

  /**
   * answerPreCheckoutQuery.
   * @throws ApiError when the query is not this bot's, was answered, or its ten seconds are over
   */
  answer(bot: Bot, queryId: string, refusal: string | undefined): void {
    if (this.#queries.get(queryId)?.bot !== bot) throw badRequest(TOO_OLD);
    const query = this.#close(queryId);
    if (query === undefined) throw badRequest(TOO_OLD);
    if (refusal === undefined) query.settle(this.#take(query));
    else query.settle({ status: 'refused', text: refusal });
  }

  /**
   * refundStarPayment. Assumptions, for lack of a public source: `CHARGE_NOT_FOUND` for a charge that this bot never
   * got from this user, `BALANCE_TOO_LOW` when the bot has spent the Stars, and paid media are refunded like
   * invoices.
   */
  refund(bot: Bot, person: Person, chargeId: string): void {
    const payment = bot.ledger.payment(chargeId);
    const partner = payment?.source;
    const payload = partner?.type === 'user' ? refundable(partner) : undefined;
    if (
      payment === undefined ||
      partner?.type !== 'user' ||
      partner.user.id !== person.user.id ||
      payload === undefined
    ) {
      throw badRequest('CHARGE_NOT_FOUND');
    }
    if (bot.ledger.isRefunded(chargeId)) throw badRequest('CHARGE_ALREADY_REFUNDED');
    if (bot.ledger.balance() < payment.amount) throw badRequest('BALANCE_TOO_LOW');
    bot.ledger.add({ id: chargeId, amount: payment.amount, date: this.world.clock.seconds(), receiver: partner });
    this.till.moveWallet(person, payment.amount, 'refund', { botId: bot.id, chargeId });
    this.conversations.service(bot, this.world.chat(bot, person), bot.user(), {
      refunded_payment: {
        currency: 'XTR',
        total_amount: payment.amount,
        invoice_payload: payload,
        telegram_payment_charge_id: chargeId,
      },
    });
  }

  isWanted(): boolean {
    return true;
  }

  renewed({ seller, expiresAt }: Subscription, person: Person): void {
    if (seller.type === 'bot') this.till.sell(person, this.offer(seller.offerId), { expiresAt, isFirst: false });
  }

  changed({ seller }: Subscription, person: Person, state: 'active' | 'canceled' | 'failed'): void {
    if (seller.type !== 'bot') return;
    const { bot, payload } = this.offer(seller.offerId);
    this.world.publish(bot, 'subscription', person.user.id, { user: person.user, invoice_payload: payload, state });
  }

  /** Bots get no update for it. */
  ended(): void {}

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
    const refusal = this.#refusal(person, offer);
    if (refusal !== undefined) return refusal;
    const { chargeId, receipt } =
      offer.subscriptionPeriod === undefined
        ? this.till.sell(person, offer)
        : this.#subscribe(person, offer, offer.subscriptionPeriod);
    const messageId = receipt.message_id;
    const chat = this.world.chat(bot, person);
    const invoice = query.invoiceMessageId === undefined ? undefined : chat.messages.get(query.invoiceMessageId);
    if (invoice !== undefined) invoice.receiptMessageId = messageId;
    return { status: 'paid', chargeId, messageId, text: `You paid ${starsInWords(offer.amount)}.` };
  }

  #subscribe(person: Person, offer: Offer, period: number): ReturnType<Till['sell']> {
    const expiresAt = this.world.clock.seconds() + period;
    const sold = this.till.sell(person, offer, { expiresAt, isFirst: true });
    this.subscriptions.begin({
      userId: person.user.id,
      seller: sellerOf(offer),
      title: offer.title,
      amount: offer.amount,
      period,
      firstChargeId: sold.chargeId,
      expiresAt,
    });
    return sold;
  }

  /**
   * Assumption: the same link cannot be subscribed to twice at a time, as with a channel's paid link. Other links can
   * be, even with the same payload.
   */
  #refusal(person: Person, offer: Offer): PaymentOutcome | undefined {
    if (offer.subscriptionPeriod !== undefined && this.subscriptions.running(person.user.id, sellerOf(offer))) {
      return { status: 'already_subscribed', text: 'You have this subscription already.' };
    }
    const balance = person.wallet.balance();
    return balance < offer.amount ? notEnough(offer.amount, balance) : undefined;
  }

  #close(queryId: string): OpenQuery | undefined {
    const query = this.#queries.get(queryId);
    this.#queries.delete(queryId);
    query?.cancelDeadline();
    return query;
  }
}

const sellerOf = (offer: Offer) => ({ type: 'bot', botId: offer.bot.id, offerId: offer.id }) as const;

/** The payload of a transaction that can be refunded; undefined for any other. */
function refundable(partner: UserPartner): string | undefined {
  if (partner.transaction_type === 'invoice_payment') return partner.invoice_payload;
  return partner.transaction_type === 'paid_media_payment' ? (partner.paid_media_payload ?? '') : undefined;
}
