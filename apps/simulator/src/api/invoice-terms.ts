import type { Bot, Environment } from '../world/bot.js';
import { badRequest } from '../world/errors.js';
import { checkLink } from '../world/links.js';
import { elsewhere, integer, json, type Reader, requiredText, text, unseen } from './readers.js';

export interface Price {
  readonly label: string;
  readonly amount: number;
}

/**
 * A required text of at most `max` characters. Telegram's words for a longer one are unknown; ours name the
 * parameter.
 */
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

/** The single price of a Stars invoice. */
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
  // The server also accepts numbers as text.
  const whole = typeof amount === 'string' && /^-?\d+$/.test(amount) ? Number(amount) : amount;
  if (typeof whole !== 'number' || !Number.isSafeInteger(whole)) throw refuse('Field "amount" must be a valid Number');
  return { label, amount: whole };
}

/** Stars invoices have no tips. */
const noTips: Reader<undefined> = (input, name) => {
  const value = text(input, name);
  if (value !== '' && value !== '0' && value !== '[]') throw badRequest('STARS_INVOICE_INVALID');
  return undefined;
};

/** Seconds. */
const PERIODS: Readonly<Record<Environment, readonly number[]>> = { production: [2_592_000], test: [60, 300] };
export const DEAREST_SUBSCRIPTION = 10_000;

/** @throws ApiError when the bot's environment has no subscriptions of this period (in seconds) */
export function checkPeriod({ environment }: Bot, period: number): void {
  if (!PERIODS[environment].includes(period)) throw badRequest('SUBSCRIPTION_PERIOD_INVALID');
}

/** Seconds; undefined for a one-time payment. Assumption: an overpriced subscription gets the "invalid total" error. */
export const subscriptionPeriod: Reader<number | undefined> = (input, name) => {
  const period = integer(0)(input, name);
  if (period === 0) return undefined;
  if (starPrice(input, 'prices').amount > DEAREST_SUBSCRIPTION) throw badRequest('CURRENCY_TOTAL_AMOUNT_INVALID');
  return period;
};

/** The documentation does not say whose Stars these would be, so this is refused rather than guessed. */
export const noBusiness: Reader<undefined> = (input, name) => {
  if (text(input, name) !== '') throw badRequest('the simulator makes no invoices for business accounts');
  return undefined;
};

/** Refused in MTProto's words when Telegram's servers could not fetch from the address. */
const photoUrl: Reader<string> = (input, name) => {
  const value = text(input, name);
  const checked = value === '' ? { url: '' } : checkLink(value);
  if ('problem' in checked || /^t(?:g|on|onsite):/.test(checked.url)) throw badRequest('WEBDOCUMENT_URL_INVALID');
  return value;
};

/** Refused in MTProto's words for a deep link's parameter, which this becomes. */
export const startParameter: Reader<string> = (input, name) => {
  const value = text(input, name);
  if (!/^[\w-]{0,64}$/.test(value)) throw badRequest('START_PARAM_INVALID');
  return value;
};

/** Parameters that all methods that create invoices share. Payments in Stars do not collect names or addresses. */
export const INVOICE = {
  title: limited(32),
  description: limited(255),
  payload,
  provider_token: elsewhere,
  currency,
  prices: starPrice,
  max_tip_amount: noTips,
  suggested_tip_amounts: noTips,
  provider_data: unseen,
  photo_url: photoUrl,
  photo_size: unseen,
  photo_width: unseen,
  photo_height: unseen,
  need_name: unseen,
  need_phone_number: unseen,
  need_email: unseen,
  need_shipping_address: unseen,
  send_phone_number_to_provider: unseen,
  send_email_to_provider: unseen,
  is_flexible: unseen,
};
