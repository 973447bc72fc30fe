import { type JobRule, JOBS } from '#libs/journal';
import { starsInWords } from '#libs/kernel';
import type { AlertWords } from './alert-words.js';

const jobWords = (kind: string) => Object.entries<JobRule>(JOBS).find(([name]) => name === kind)?.[1].parked ?? kind;

export const ENGLISH_ALERTS: AlertWords = {
  stars: starsInWords,
  theStars: 'the Stars',
  something: 'something',
  unknown: 'unknown',
  reason: (said) => `Reason: ${said}`,
  bot: (name) => `Bot: ${name}`,
  about: (title) => `About: ${title}`,
  buyer: (name) => `Buyer: ${name}`,
  showOrder: 'Show this order',

  sold: (title, price) => `💰 ${title} was bought for ${price}.`,
  notDelivered: (title) => `⚠️ ${title} was paid for but could not be delivered. The buyer needs help.`,
  notSold: (title) => `⚠️ ${title} cannot be bought.`,

  asked: '✉️ A buyer is waiting for your reply.',
  sentFile: (kind, path) => `(Attached file: ${kind.replace('_', ' ')}. Download it with GET ${path}.)`,
  howToAnswer: 'Reply to this message to answer.',

  limits: {
    bots: 'bots',
    products: 'products',
    orders_per_month: 'orders per month',
    endpoints: 'endpoints',
    api_requests_per_minute: 'API requests per minute',
    storage_bytes: 'bytes of storage',
    members: 'members',
    api_keys: 'API keys',
  },
  planUsed: (limit, used, allowed) => `⚠️ Your Starwall plan: ${limit}, ${used} of ${allowed} used.`,
  planExhausted:
    'The limit is reached, so nothing new is accepted. Paid orders and payments in progress are delivered as usual.',
  planNearly: 'Once it is used up, nothing new is accepted.',
  planHelp: 'GET /v1/usage shows every limit. Support can give you a larger plan.',

  notRemoved: (failures) =>
    `⚠️ Your bot has not been removed yet: ${failures === 1 ? 'one obligation' : `${failures} obligations`} could not be ended, and buyers may continue to be charged.`,
  obligations: (path) => `GET ${path} lists them, each with its reason and a remedy.`,

  chatPublic: (title) => `⚠️ The chat ${title} is public now.`,
  untilPrivate: 'Until then no access to it is sold.',
  chatLost: (title) => `⚠️ Your bot can no longer manage the chat ${title}.`,
  untilManaged: 'Until then no access to it is sold, no one is admitted, and no one whose access has ended is removed.',

  answerLost: '⚠️ Your reply did not reach the buyer.',
  answerWaits: 'The buyer has blocked the bot or deleted their account. The reply is sent if they come back.',
  answerAgain: 'It is not retried automatically. Write another one: POST /v1/support-threads/{id}/messages.',
  gaveUp: (kind) => `⚠️ Starwall has given up: ${jobWords(kind)}.`,
  staffSee: "The platform's staff see it and can retry it.",
  goodsRefused: '⚠️ Your server refuses to make goods that were bought.',
  goodsAskedAgain:
    'It is asked again until the deadline of the order. The buyer has been told that it takes a while. Once your ' +
    'server is fixed, POST /v1/orders/{id}/deliver with the mode "send_again" asks it at once. You get ' +
    'no alerts about further orders of this product until your server makes goods again.',
  goodsAgain: '✅ Your server makes goods again.',
  notLetOut: '⚠️ A person whose access has ended could not be removed from your chat.',
  notLetIn: '⚠️ A buyer who has paid could not be admitted to your chat.',
  accessAgain:
    'If the buyer can do anything about it, they were told. It is retried automatically, and when the buyer asks for the purchase in /orders.',
  refundDelayed: (stars) => `⚠️ Telegram has not yet returned ${stars} to a buyer.`,
  refundPromised:
    'The buyer was promised the refund, so it is retried until it succeeds: within a minute when Stars come in, and ' +
    "at least every six hours. If your bot's balance is too low, it needs more Stars. Request the same " +
    'refund again to retry it now.',
  refundAgain: 'It is retried automatically. You do not need to request the refund again.',
  refundRefused: (stars) => `⚠️ Telegram refused to return ${stars} to a buyer.`,
  refundHelp:
    'The buyer keeps the purchase. A bot can only return Stars that it has: check its balance, then request the refund again.',

  endpointFailing: (host) => `⚠️ Your webhook endpoint at ${host} does not accept events.`,
  endpointTries: (path) =>
    'Each event is tried ten times over three days, and after five days of failures the endpoint is ' +
    `disabled. GET ${path}/deliveries shows its responses.`,
  endpointWell: (host) => `✅ Your webhook endpoint at ${host} accepts events again.`,
  endpointResend: (path) => `POST ${path}/resend resends the events that were given up in the meantime.`,
  endpointOff: (host) => `⚠️ Starwall no longer calls your webhook endpoint at ${host}.`,
  endpointEnable: (path) =>
    `When it works again, enable it (PATCH ${path} with state "enabled") ` +
    `and request the missed events (POST ${path}/resend).`,

  deaf: (bot) => `⚠️ Your bot ${bot} may not be receiving its buyers' messages.`,
  webhook: {
    elsewhere:
      'Its updates go to another address. Stop the other tool, then register the bot again with `take_over: true`.',
    missing: 'No webhook is set. POST /v1/bots/{id}/rotate-token with its current token sets it again.',
    deaf: 'Telegram does not send all necessary updates. POST /v1/bots/{id}/rotate-token with its current token fixes that.',
    failing: "Telegram cannot deliver its updates here. The platform's staff see it as well.",
    lagging: "Many updates are waiting at Telegram. The platform's staff see it as well.",
  },
  address: (host) => `Address: ${host}`,
  hears: (bot) => `✅ Your bot ${bot} receives its buyers' messages again.`,

  strayRefund: '⚠️ Telegram reported a refund that could not be recorded.',
  strayPayment: '⚠️ Telegram reported a payment that could not be recorded.',
  reported: (amount) => `Reported: ${amount}`,
  strayList: 'GET /v1/stray-payments lists all of them.',
};
