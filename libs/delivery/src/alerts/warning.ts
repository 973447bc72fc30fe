import type { EventType } from '#libs/journal';
import { clip, starsInWords } from '#libs/kernel';
import { OUTAGE_WARNINGS } from './outage.js';

type Json = Readonly<Record<string, unknown>>;

/** What a warning is about, as far as its event does not say it. */
export interface WarningDetails {
  /** The bot's username. */
  readonly bot: string;
  readonly title: string | null;
  readonly buyer: string | null;
  /** Of the refund that it is about. */
  readonly stars?: number | null;
}

type Wording = (data: Json, details: WarningDetails | undefined) => readonly string[];

const SHOWN = 100;
const SHOWN_REASON = 300;

const short = (value: unknown) => clip(String(value), SHOWN);
const reasonLine = (reason: unknown) =>
  `Reason: ${typeof reason === 'string' && reason !== '' ? clip(reason, SHOWN_REASON) : 'unknown'}`;

function aboutLines(details: WarningDetails | undefined, id: unknown): string {
  const { bot, title = null, buyer = null } = details ?? {};
  return [
    ...(title === null ? [] : [`About: “${short(title)}”`]),
    ...(bot === undefined ? [] : [`Bot: @${bot}`]),
    ...(buyer === null ? [] : [`Buyer: ${short(buyer)}`]),
    String(id),
  ].join('\n');
}

const starsOf = (details: WarningDetails | undefined) =>
  details?.stars === undefined || details.stars === null ? 'the Stars' : starsInWords(details.stars);

/** Of work whose failure has no event of its own. */
const JOB_WORDS: Readonly<Record<string, string>> = {
  'order.fulfil': 'asking your server for what was bought',
  'fulfilment.deadline': 'ending the wait for goods that are late',
  'fulfilment.notify': 'telling a buyer what becomes of an order',
  'refund.notify': 'telling a buyer that Stars went back',
  'subscription.watch': 'looking after a subscription',
  'subscription.edit': 'changing a subscription at Telegram',
  'subscription.stop': 'stopping a subscription that was paid twice; its buyer may be charged again',
  'credits.lapse': 'writing down credits that have run out',
  'bot.remove': 'ending what a bot has begun before it is removed',
  'bot.menu': "updating your bot's menu and profile at Telegram",
};

/** Warnings that a creator gets whatever alerts are switched on. */
const WARNINGS: Readonly<Partial<Record<EventType, Wording>>> = {
  ...OUTAGE_WARNINGS,
  'support.message_failed': ({ thread_id: thread, delivery_state: state, delivery_error: error }, details) => [
    '⚠️ Your answer did not reach the buyer.',
    reasonLine(error),
    state === 'unreachable'
      ? 'The buyer has blocked the bot or is gone. It is sent when they come back.'
      : 'It is not sent again by itself. Write another one: POST /v1/support-threads/{id}/messages.',
    aboutLines(details, thread),
  ],
  'job.parked': ({ kind, subject_id: subject, error }) => [
    `⚠️ Starwall has given up: ${short(JOB_WORDS[String(kind)] ?? kind)}.`,
    reasonLine(error),
    'Staff of the platform see it and can have it tried again.',
    String(subject ?? kind),
  ],
  'order.fulfilment_refused': ({ id, fulfilment }, details) => [
    '⚠️ Your server does not make what was bought.',
    reasonLine((fulfilment as Json | undefined)?.['last_error']),
    'It is asked again until the deadline of the order. The buyer knows that it takes a while. Once your server is mended, ' +
      'POST /v1/orders/{id}/deliver with the mode "send_again" has it asked at once. You are not told of further orders of this product ' +
      'until your server makes goods again.',
    aboutLines(details, id),
  ],
  'order.fulfilment_recovered': ({ id }, details) => [
    '✅ Your server makes what is bought again.',
    aboutLines(details, id),
  ],
  'chat_access.failed': ({ id, failure, state }, details) => [
    state === 'ending'
      ? '⚠️ Somebody whose access is over could not be put out of your chat.'
      : '⚠️ A buyer could not be let into your chat, though they have paid.',
    reasonLine(failure),
    'The buyer was told if there is anything they can do. It is tried again by itself, and when the buyer asks for the purchase in /orders.',
    aboutLines(details, id),
  ],
  'refund.delayed': ({ id, failure, requested_by: by }, details) => [
    `⚠️ Telegram does not give ${starsOf(details)} back to a buyer yet.`,
    reasonLine(failure),
    by === 'system'
      ? 'The buyer was promised them, so this is tried until it succeeds: at once when Stars come in, and every six hours at the latest. ' +
        "If your bot's balance is too low, it needs more Stars. Ask for the same refund again to have it tried now."
      : 'It is tried again. You need not ask for the refund once more.',
    aboutLines(details, id),
  ],
};

/** Told to the creator whatever is switched on. */
export const isWarning = (type: EventType) => type in WARNINGS || type === 'quota.warning';

/** What the creator reads because of one of these events; undefined for any other. */
export const warningText = (type: EventType, data: Json, details?: WarningDetails): string | undefined =>
  WARNINGS[type]?.(data, details).join('\n\n');

/** What the creator reads when Telegram refused a refund that they asked for. */
export const refundFailedText = ({ id, failure }: Json, details: WarningDetails): string =>
  [
    `⚠️ Telegram refused to give ${starsOf(details)} back to a buyer.`,
    reasonLine(failure),
    'The buyer keeps what was bought. A bot can give back only Stars that it has: look at its balance, then ask for the refund again.',
    aboutLines(details, id),
  ].join('\n\n');
