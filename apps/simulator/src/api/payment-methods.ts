import type { Bot } from '../world/bot.js';
import { badRequest } from '../world/errors.js';
import type { Offer } from '../world/offer.js';
import type { Person } from '../world/person.js';
import type { InlineKeyboardMarkup, MessageContent } from '../world/telegram-types.js';
import type { Caller } from './caller.js';
import type { Handlers } from './handlers.js';
import { checkPeriod } from './invoice-terms.js';
import { checkPayButtons } from './keyboards.js';
import type { ParametersOf } from './parameters.js';
import { addressee, post } from './sending.js';

/** The parameters that make up an offer. */
export type InvoiceTerms = Pick<
  ParametersOf<'createInvoiceLink'>,
  'title' | 'description' | 'payload' | 'prices' | 'photo_url' | 'subscription_period'
>;

function offerOf({ world, bot }: Caller, terms: InvoiceTerms, startParameter: string): Offer {
  return world.checkout.createOffer(offerTerms(bot, terms, startParameter));
}

/** A parameter that links have and invoice messages lack. */
export const ONCE = { subscription_period: undefined };

/** Reads an invoice's terms from its parameters. */
export function offerTerms(bot: Bot, terms: InvoiceTerms, startParameter: string): Omit<Offer, 'id'> {
  const { title, description, payload, prices, photo_url, subscription_period } = terms;
  if (subscription_period !== undefined) checkPeriod(bot, subscription_period);
  if (prices.amount > (bot.settings.largestInvoice ?? Infinity)) throw badRequest('CURRENCY_TOTAL_AMOUNT_INVALID');
  return {
    bot,
    title,
    description,
    payload,
    ...prices,
    startParameter,
    ...(photo_url === '' ? {} : { photoUrl: photo_url }),
    ...(subscription_period === undefined ? {} : { subscriptionPeriod: subscription_period }),
  };
}

/** An invoice as a message; it gets a Pay button if it has no keyboard. */
export function invoiceContent(offer: Omit<Offer, 'id'>, markup: InlineKeyboardMarkup | undefined): MessageContent {
  const { title, description, amount, startParameter } = offer;
  const pay = { inline_keyboard: [[{ text: `Pay ⭐️${amount}`, pay: true }]] } as const;
  return {
    invoice: { title, description, start_parameter: startParameter, currency: 'XTR', total_amount: amount },
    reply_markup: markup ?? pay,
  };
}

function payer({ world }: Caller, userId: number): Person {
  const person = world.people.get(userId);
  if (person === undefined) throw badRequest('USER_ID_INVALID');
  return person;
}

export const paymentMethods: Handlers<
  | 'sendInvoice'
  | 'createInvoiceLink'
  | 'answerPreCheckoutQuery'
  | 'refundStarPayment'
  | 'editUserStarSubscription'
  | 'getMyStarBalance'
  | 'getStarTransactions'
> = {
  sendInvoice(caller, { start_parameter, ...parameters }) {
    checkPayButtons(parameters.reply_markup, true);
    const place = addressee(caller, parameters);
    const offer = offerOf(caller, { ...parameters, ...ONCE }, start_parameter);
    const { reply_markup } = parameters;
    return post(caller, place, parameters, invoiceContent(offer, reply_markup), { offerId: offer.id });
  },

  createInvoiceLink(caller, terms) {
    return caller.world.checkout.createLink(offerOf(caller, terms, ''));
  },

  answerPreCheckoutQuery({ world, bot }, { pre_checkout_query_id, error_message }) {
    world.checkout.answer(bot, pre_checkout_query_id, error_message);
    return true;
  },

  refundStarPayment(caller, { user_id, telegram_payment_charge_id }) {
    caller.world.checkout.refund(caller.bot, payer(caller, user_id), telegram_payment_charge_id);
    return true;
  },

  editUserStarSubscription(caller, { user_id, telegram_payment_charge_id, is_canceled }) {
    const { user } = payer(caller, user_id);
    caller.world.subscriptions.edit(caller.bot.id, user.id, telegram_payment_charge_id, is_canceled);
    return true;
  },

  getMyStarBalance({ bot }) {
    return { amount: bot.ledger.balance() };
  },

  getStarTransactions({ bot }, { offset, limit }) {
    return { transactions: bot.ledger.page(offset, limit) };
  },
};
