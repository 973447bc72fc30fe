import { type IdKind, publicId, starsInWords } from '#libs/kernel';
import { STRAY_REASONS, strayWords } from '../strays/stray-payment.js';

/** The source of a line of an order's history. */
export type TimelineKind =
  | 'state'
  | 'update'
  | 'event'
  | 'charge'
  | 'refund'
  | 'stray_payment'
  | 'handover_attempt'
  | 'manual_delivery'
  | 'webhook_delivery'
  | 'webhook_attempt'
  | 'support_message';

type Facts = Readonly<Record<string, unknown>>;

/** As stored: ids are UUIDs. */
export interface StoredEntry {
  readonly at: Date;
  readonly kind: TimelineKind;
  readonly facts: Facts;
}

/** As shown. */
export interface TimelineEntry {
  readonly at: string;
  readonly kind: TimelineKind;
  /** One sentence for people. */
  readonly summary: string;
  readonly facts: Facts;
}

/** The only place that converts a stored line into a visible one. Facts contain no names and no texts of the buyer. */
export function timelineEntry({ at, kind, facts }: StoredEntry): TimelineEntry {
  const summary = SUMMARIES[kind](facts);
  return { at: at.toISOString(), kind, summary, facts: withPublicIds(facts) };
}

const words = (value: unknown) => String(value).replaceAll('_', ' ');
const because = (reason: unknown) => (typeof reason === 'string' ? `: ${reason.replace(/[.\s]+$/, '')}.` : '.');

function strayReason(reason: unknown): string | undefined {
  const known = STRAY_REASONS.find((one) => one === reason);
  return known && strayWords(known);
}

const STATES: Readonly<Record<string, string>> = {
  placed: 'The order was placed.',
  approved: 'Telegram was told that the buyer may pay.',
  unlocked: 'Telegram unlocked the paid media for the buyer.',
  paid: 'The order was paid.',
  delivered: 'The buyer received the goods.',
  refunded: 'The order was refunded.',
};

const EVENTS: Readonly<Record<string, string>> = {
  'order.placed': 'The buyer placed the order.',
  'order.approved': 'Telegram asked if the buyer may pay, and the payment was approved.',
  'order.unlocked': 'Telegram unlocked the paid media for the buyer.',
  'order.paid': 'The order was paid.',
  'order.generating': 'Your server is making the goods.',
  'order.fulfilment_refused': 'Your server did not make the goods; the request will be repeated.',
  'order.fulfilment_recovered': 'Your server has recovered.',
  'order.delivered': 'The order was delivered.',
  'order.delivery_failed': 'The order could not be delivered.',
  'order.refunded': 'The order was refunded.',
  'order.expired': 'The order expired unpaid.',
  'order.cancelled': 'The order was cancelled.',
  'refund.requested': 'A refund was requested.',
  'refund.delayed': 'Telegram has not returned the Stars yet; the refund will be retried.',
  'refund.succeeded': 'Telegram returned the Stars.',
  'refund.failed': 'Telegram refused the refund.',
  'support.message_received': 'The buyer wrote to support.',
};

const MATCHES: Readonly<Record<string, string>> = {
  order: 'it pays the order',
  duplicate: 'it is a second payment for an order that was already paid',
  mismatch: 'the buyer or the amount does not match the order',
};

const OUTCOMES: Readonly<Record<string, string>> = {
  delivered: 'The bot delivered the goods.',
  retry: 'The bot tried to deliver the goods and will try again',
  unreachable: 'The goods could not be delivered: the buyer has blocked the bot or deleted their account.',
  failed: 'The goods could not be delivered',
};

const SUMMARIES: Readonly<Record<TimelineKind, (facts: Facts) => string>> = {
  state: ({ state }) => STATES[String(state)] ?? `The order became ${words(state)}.`,
  update: ({ update_kind: kind, state, attempts }) => {
    const count = Number(attempts) > 1 ? ` after ${String(attempts)} attempts` : '';
    const handled = state === 'done' ? `handled${count}` : state === 'parked' ? `set aside${count}` : 'not handled yet';
    return `Telegram sent an update (${words(kind)}), ${handled}.`;
  },
  event: ({ type, reason }) => {
    const sentence = EVENTS[String(type)] ?? `The event ${String(type)} happened.`;
    return `${sentence.replace(/\.$/, '')}${because(reason)}`;
  },
  charge: ({ stars, match }) =>
    `Telegram took ${starsInWords(Number(stars))} from the buyer; ${MATCHES[String(match)] ?? words(match)}.`,
  refund: ({ state, reason, failure }) => {
    const hurdle = typeof failure === 'string' ? ` Last failure${because(failure)}` : '';
    return `A refund was started; its state is ${words(state)}${because(reason)}${hurdle}`;
  },
  stray_payment: ({ reported, reason }) =>
    reported === 'refunded_payment'
      ? `Telegram reported a refund that could not be recorded${because(strayReason(reason))}`
      : `Telegram reported a payment that could not be recorded${because(strayReason(reason))}`,
  handover_attempt: ({ outcome, error }) => {
    const said = OUTCOMES[String(outcome)] ?? words(outcome);
    return said.endsWith('.') ? said : `${said}${because(error)}`;
  },
  manual_delivery: ({ mode, reason }) =>
    mode === 'send_again'
      ? `The goods were sent again by request${because(reason)}`
      : `The goods were marked as delivered manually${because(reason)}`,
  webhook_delivery: ({ type, state, attempts }) =>
    `Webhook ${String(type)} to your endpoint: ${words(state)}, ${String(attempts)} ${attempts === 1 ? 'attempt' : 'attempts'} so far.`,
  webhook_attempt: ({ ok, status, error, number }) =>
    ok === true
      ? `Attempt ${String(number)} reached your endpoint, which answered ${String(status)}.`
      : `Attempt ${String(number)} at your endpoint failed${because(error ?? `it answered ${String(status)}`)}`,
  support_message: ({ direction, delivery_state: delivery }) =>
    direction === 'buyer'
      ? 'The buyer wrote to support.'
      : `Support answered the buyer; state of the answer: ${words(delivery)}.`,
};

/** Facts that are our ids, with their kinds. */
const IDS: Readonly<Record<string, IdKind>> = {
  event_id: 'event',
  charge_id: 'charge',
  refund_id: 'refund',
  stray_payment_id: 'strayPayment',
  delivery_id: 'delivery',
  endpoint_id: 'endpoint',
  thread_id: 'supportThread',
  message_id: 'supportMessage',
  by: 'account',
};

function withPublicIds(facts: Facts): Facts {
  const entries = Object.entries(facts).map(([name, value]) => {
    const kind = IDS[name];
    return [name, kind === undefined || typeof value !== 'string' ? value : publicId(kind, value)];
  });
  return Object.fromEntries(entries) as Facts;
}
