import { badRequest } from '../world/errors.js';
import { json, type Reader, requiredText, text } from './readers.js';

export interface Price {
  readonly label: string;
  readonly amount: number;
}

/** A required text of at most `max` characters. Over that Telegram's own words are unknown; ours name the parameter. */
function limited(max: number): Reader<string> {
  return (input, name) => {
    const value = requiredText(input, name);
    if ([...value].length > max) throw badRequest(`parameter "${name}" is too long, ${max} characters are allowed`);
    return value;
  };
}

const LONGEST_PAYLOAD = 128;

const payload: Reader<string> = (input, name) => {
  const value = requiredText(input, name);
  if (value.includes('\uFFFD')) throw badRequest('the payload must be encoded in UTF-8');
  if (Buffer.byteLength(value) > LONGEST_PAYLOAD) throw badRequest('INVOICE_PAYLOAD_INVALID');
  return value;
};

/** Only Stars: any other currency needs a payment provider, and there are none here. */
const currency: Reader<'XTR'> = (input, name) => {
  const value = requiredText(input, name);
  const provider = text(input, 'provider_token');
  if (value !== 'XTR') throw badRequest('PAYMENT_PROVIDER_INVALID');
  if (provider !== '') throw badRequest('STARS_INVOICE_INVALID');
  return value;
};

/** The one price of a Stars invoice. */
export const starPrice: Reader<Price> = (input, name) => {
  requiredText(input, name);
  const list = json('prices')(input, name);
  if (!Array.isArray(list)) throw badRequest('expected an Array of labeled prices');
  const prices = list.map(labeledPrice);
  const [price, ...others] = prices;
  if (price === undefined) throw badRequest('there must be at least one price');
  if (others.length > 0) throw badRequest('STARS_INVOICE_INVALID');
  if (price.amount < 1) throw badRequest('CURRENCY_TOTAL_AMOUNT_INVALID');
  return price;
};

function labeledPrice(value: unknown): Price {
  const refuse = (detail: string): Error => badRequest(`can't parse labeled price: ${detail}`);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw refuse('LabeledPrice must be an Object');
  const { label, amount } = value as Readonly<Record<string, unknown>>;
  if (label === undefined) throw refuse('Can\'t find field "label"');
  if (typeof label !== 'string') throw refuse('Field "label" must be of type String');
  if (label === '') throw refuse('LabeledPrice label must be non-empty');
  if (amount === undefined) throw refuse('Can\'t find field "amount"');
  // The server takes numbers as text, too.
  const whole = typeof amount === 'string' && /^-?\d+$/.test(amount) ? Number(amount) : amount;
  if (typeof whole !== 'number' || !Number.isSafeInteger(whole)) throw refuse('Field "amount" must be a valid Number');
  return { label, amount: whole };
}

/** Tips do not exist for Stars. */
const noTips: Reader<undefined> = (input, name) => {
  const value = text(input, name);
  if (value !== '' && value !== '0' && value !== '[]') throw badRequest('STARS_INVOICE_INVALID');
  return undefined;
};

// 30 days, and what Telegram's test servers take instead; this server takes both.
export const PERIODS: readonly number[] = [2_592_000, 60, 300];
export const DEAREST_SUBSCRIPTION = 10_000;

/** Seconds; undefined for what is paid once. That a dear subscription is a wrong total is assumed. */
export const subscriptionPeriod: Reader<number | undefined> = (input, name) => {
  const value = text(input, name);
  if (value === '' || value === '0') return undefined;
  const period = Number(value);
  if (!PERIODS.includes(period)) throw badRequest('SUBSCRIPTION_PERIOD_INVALID');
  if (starPrice(input, 'prices').amount > DEAREST_SUBSCRIPTION) throw badRequest('CURRENCY_TOTAL_AMOUNT_INVALID');
  return period;
};

/** Whose Stars these would be is not documented: refused rather than guessed. */
export const noBusiness: Reader<undefined> = (input, name) => {
  if (text(input, name) !== '') throw badRequest('the simulator makes no invoices for business accounts');
  return undefined;
};

/** What every way to make an invoice takes. */
export const INVOICE = {
  title: limited(32),
  description: limited(255),
  payload,
  currency,
  prices: starPrice,
  max_tip_amount: noTips,
  suggested_tip_amounts: noTips,
  photo_url: text,
};
