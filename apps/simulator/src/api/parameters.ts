import { badRequest } from '../world/errors.js';
import { CHAT_PARAMETERS } from './chat-parameters.js';
import { COMMAND_PARAMETERS } from './command-parameters.js';
import { GIFT_PARAMETERS } from './gift-parameters.js';
import { INLINE_PARAMETERS } from './inline-results.js';
import { INVOICE, noBusiness, startParameter, subscriptionPeriod } from './invoice-terms.js';
import { MESSAGE_PARAMETERS } from './message-parameters.js';
import {
  flag,
  integer,
  nameList,
  nonNegative,
  optionalText,
  type Reader,
  type Readers,
  requiredText,
  text,
  unseen,
  userId,
  type Values,
} from './readers.js';
import { EFFECT, SENT } from './sending.js';

const secretToken: Reader<string | undefined> = (input, name) => {
  const value = text(input, name);
  if (value === '') return undefined;
  if (value.length > 256) throw badRequest('secret token is too long');
  if (!/^[\w-]+$/.test(value)) throw badRequest('secret token contains unallowed characters');
  return value;
};

const refusalText: Reader<string | undefined> = (input, name) =>
  flag(input, 'ok') ? undefined : requiredText(input, name);

/**
 * The methods of this server, with a reader for each of their parameters. As on Telegram, parameters that are not
 * listed are ignored. Start here to add a method: it does not compile without a handler of the same name, and its
 * test fails without a reader for each parameter of the specification.
 */
export const PARAMETERS = {
  getMe: {},
  getUpdates: {
    offset: integer(0),
    limit: integer(100, 1, 100),
    timeout: integer(0, 0, 50),
    allowed_updates: nameList,
  },
  setWebhook: {
    url: text,
    certificate: unseen,
    ip_address: optionalText,
    max_connections: integer(40, 1, 100),
    allowed_updates: nameList,
    drop_pending_updates: flag,
    secret_token: secretToken,
  },
  deleteWebhook: { drop_pending_updates: flag },
  getWebhookInfo: {},

  sendInvoice: { ...SENT, ...EFFECT, ...INVOICE, start_parameter: startParameter },
  createInvoiceLink: { ...INVOICE, subscription_period: subscriptionPeriod, business_connection_id: noBusiness },
  answerPreCheckoutQuery: { pre_checkout_query_id: text, ok: flag, error_message: refusalText },
  refundStarPayment: { user_id: userId, telegram_payment_charge_id: requiredText },
  editUserStarSubscription: {
    user_id: userId,
    telegram_payment_charge_id: requiredText,
    is_canceled: flag,
  },
  getMyStarBalance: {},
  getStarTransactions: { offset: nonNegative('offset'), limit: integer(100, 1, 100) },

  ...MESSAGE_PARAMETERS,
  ...INLINE_PARAMETERS,
  ...GIFT_PARAMETERS,
  ...CHAT_PARAMETERS,
  ...COMMAND_PARAMETERS,
} satisfies Record<string, Readers>;

export type MethodName = keyof typeof PARAMETERS;
export type ParametersOf<Method extends MethodName> = Values<(typeof PARAMETERS)[Method]>;

export const methodNames = new Map<string, MethodName>(
  (Object.keys(PARAMETERS) as MethodName[]).map((name) => [name.toLowerCase(), name]),
);
