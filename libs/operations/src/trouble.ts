import { DAY, HOUR, MINUTE } from '#libs/kernel';

/** Where something may be stuck. */
export const TROUBLES = [
  'parked_updates',
  'parked_jobs',
  'overdue_jobs',
  'stuck_orders',
  'stuck_refunds',
  'failing_endpoints',
  'sick_webhooks',
  'differences',
  'failing_comparisons',
  'chats_without_rights',
  'stopped_bots',
  'stuck_removals',
  'failed_accesses',
] as const;
export type TroubleKind = (typeof TROUBLES)[number];

/** Something that does not go on by itself, as the database knows it. */
export interface Trouble {
  readonly tenantId: string;
  readonly botId: string | null;
  /** What it is about: an update's number, or the UUID of a job's subject, an order, a refund, an endpoint, a bot, a chat. */
  readonly subject: string;
  /** The kind of an update or a job, the state of an order or a refund, the problem of a webhook, where a bot stands. */
  readonly detail: string;
  readonly error: string | null;
  readonly since: Date;
}

interface Rule {
  /** Milliseconds after which it is no longer a passing thing; 0: from the first moment. */
  readonly after: number;
  /** Milliseconds after which it is bad. */
  readonly badAfter: number;
  readonly next: string;
}

/** When something counts as stuck, how bad it is, and what to do next. */
export const TROUBLE_RULES: Readonly<Record<TroubleKind, Rule>> = {
  parked_updates: {
    after: 0,
    badAfter: 0,
    next: 'Read the error. Replay it once its cause is mended: handling is idempotent. Resolve it only when nothing is owed for it.',
  },
  parked_jobs: {
    after: 0,
    badAfter: HOUR,
    next: 'Read the error. Retry it once its cause is mended; resolve it when it need not be done any more.',
  },
  overdue_jobs: {
    after: 15 * MINUTE,
    badAfter: HOUR,
    next: 'Look whether workers are running and keep up: a job that is due waits for a free worker. Retrying puts it in front.',
  },
  stuck_orders: {
    after: HOUR,
    badAfter: 24 * HOUR,
    next: 'The buyer has paid and has nothing. Retry the delivery; if it fails again, ask the creator to refund.',
  },
  stuck_refunds: {
    after: 15 * MINUTE,
    badAfter: 2 * HOUR,
    next: 'Read the error. Telegram refuses a refund when the bot has too few Stars: its creator was told, and it is tried again when Stars come in. A bot without a token needs a new one first. Retry it at any time: nothing is given back twice.',
  },
  failing_endpoints: {
    after: HOUR,
    badAfter: 24 * HOUR,
    next: 'The creator has to mend their server. It is disabled after five days of nothing but failures, and they are warned.',
  },
  sick_webhooks: {
    after: 0,
    badAfter: 30 * MINUTE,
    next: 'Look again. If it stays, the bot hears nothing: its creator rotates the token, which sets the webhook anew.',
  },
  differences: {
    after: 0,
    badAfter: 24 * HOUR,
    next: "Compare once more. What stays is in the reconciliation's explanation; money that Telegram lists and we do not is healed.",
  },
  failing_comparisons: {
    after: HOUR,
    badAfter: 6 * HOUR,
    next: 'Read the error and compare once more. Until one succeeds, payments whose messages were lost are not found. A bot that cannot be asked needs its creator; anything else is for developers.',
  },
  chats_without_rights: {
    after: 0,
    badAfter: 24 * HOUR,
    next: 'The creator has to give the bot its rights back, and was told how. Until then nobody is let in or put out; what waits goes on then.',
  },
  stopped_bots: {
    after: 0,
    badAfter: 7 * DAY,
    next: 'Staff have stopped it. Release it once its cause is gone: paid goods wait meanwhile.',
  },
  stuck_removals: {
    after: HOUR,
    badAfter: DAY,
    next: 'Something cannot be ended, mostly because the token is refused. The creator was told what; buyers may go on being charged until it is mended.',
  },
  failed_accesses: {
    after: 0,
    badAfter: 24 * HOUR,
    next: 'Read the error. A buyer in too many chats was told to leave one, and the creator was told why; it is tried again by itself. What Telegram refuses for another reason needs its job retried once the cause is mended.',
  },
};

/** `bad` once it has lasted for longer than its kind may. */
export const severityOf = (kind: TroubleKind, since: Date, now: Date): 'warning' | 'bad' =>
  now.getTime() - since.getTime() >= TROUBLE_RULES[kind].badAfter ? 'bad' : 'warning';
