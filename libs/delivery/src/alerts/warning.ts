import { type EventType, type JobRule, JOBS } from '#libs/journal';
import { clip, starsInWords } from '#libs/kernel';
import { OUTAGE_WARNINGS } from './outage.js';

type Json = Readonly<Record<string, unknown>>;

/** Facts for a warning that its event does not contain. */
export interface WarningDetails {
  /** The bot's username. */
  readonly bot: string;
  readonly title: string | null;
  readonly buyer: string | null;
  /** The Stars of its refund. */
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

/**
 * The description of a job whose failure has no event of its own. @param kind a kind of job; its name if the kind no
 * longer exists
 */
const jobWords = (kind: string) => Object.entries<JobRule>(JOBS).find(([name]) => name === kind)?.[1].parked ?? kind;

/** Warnings that a creator gets with all switches off. */
const WARNINGS: Readonly<Partial<Record<EventType, Wording>>> = {
  ...OUTAGE_WARNINGS,
  'support.message_failed': ({ thread_id: thread, delivery_state: state, delivery_error: error }, details) => [
    '⚠️ Your reply did not reach the buyer.',
    reasonLine(error),
    state === 'unreachable'
      ? 'The buyer has blocked the bot or deleted their account. The reply is sent if they come back.'
      : 'It is not retried automatically. Write another one: POST /v1/support-threads/{id}/messages.',
    aboutLines(details, thread),
  ],
  'job.parked': ({ kind, subject_id: subject, error }) => [
    `⚠️ Starwall has given up: ${short(jobWords(String(kind)))}.`,
    reasonLine(error),
    "The platform's staff see it and can retry it.",
    String(subject ?? kind),
  ],
  'order.fulfilment_refused': ({ id, fulfilment }, details) => [
    '⚠️ Your server refuses to make goods that were bought.',
    reasonLine((fulfilment as Json | undefined)?.['last_error']),
    'It is asked again until the deadline of the order. The buyer has been told that it takes a while. Once your ' +
      'server is fixed, POST /v1/orders/{id}/deliver with the mode "send_again" asks it at once. You get ' +
      'no alerts about further orders of this product until your server makes goods again.',
    aboutLines(details, id),
  ],
  'order.fulfilment_recovered': ({ id }, details) => ['✅ Your server makes goods again.', aboutLines(details, id)],
  'chat_access.failed': ({ id, failure, state }, details) => [
    state === 'ending'
      ? '⚠️ A person whose access has ended could not be removed from your chat.'
      : '⚠️ A buyer who has paid could not be admitted to your chat.',
    reasonLine(failure),
    'If the buyer can do anything about it, they were told. It is retried automatically, and when the buyer asks for the purchase in /orders.',
    aboutLines(details, id),
  ],
  'refund.delayed': ({ id, failure, requested_by: by }, details) => [
    `⚠️ Telegram has not yet returned ${starsOf(details)} to a buyer.`,
    reasonLine(failure),
    by === 'system'
      ? 'The buyer was promised the refund, so it is retried until it succeeds: immediately when Stars come in, and ' +
        "at least every six hours. If your bot's balance is too low, it needs more Stars. Request the same " +
        'refund again to retry it now.'
      : 'It is retried automatically. You do not need to request the refund again.',
    aboutLines(details, id),
  ],
};

/** True for events that the creator is told about even with all switches off. */
export const isWarning = (type: EventType) => type in WARNINGS || type === 'quota.warning';

/** The warning about one of these events; undefined for any other. */
export const warningText = (type: EventType, data: Json, details?: WarningDetails): string | undefined =>
  WARNINGS[type]?.(data, details).join('\n\n');

/** The alert about a requested refund that Telegram refused. */
export const refundFailedText = ({ id, failure }: Json, details: WarningDetails): string =>
  [
    `⚠️ Telegram refused to return ${starsOf(details)} to a buyer.`,
    reasonLine(failure),
    'The buyer keeps the purchase. A bot can only return Stars that it has: check its balance, then request the refund again.',
    aboutLines(details, id),
  ].join('\n\n');
