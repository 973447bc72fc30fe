import { DAY, HOUR, MINUTE } from '#libs/kernel';

/** Kinds of stuck work. */
export const TROUBLES = [
  'parked_updates',
  'parked_jobs',
  'overdue_jobs',
  'stuck_orders',
  'stuck_refunds',
  'held_charges',
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

/** A stuck item, as the database records it. */
export interface Trouble {
  readonly tenantId: string;
  readonly botId: string | null;
  /** An update's number, or the UUID of a job's subject, an order, a refund, an endpoint, a bot, or a chat. */
  readonly subject: string;
  /** The kind of an update or job, the state of an order or refund, the problem of a webhook, the bot's status. */
  readonly detail: string;
  readonly error: string | null;
  readonly since: Date;
}

interface Rule {
  /** Milliseconds after which it counts as stuck; 0: immediately. */
  readonly after: number;
  /** Milliseconds after which it is bad. */
  readonly badAfter: number;
  readonly next: string;
}

/** Rules that decide when something is stuck and how bad it is, with the next step. */
export const TROUBLE_RULES: Readonly<Record<TroubleKind, Rule>> = {
  parked_updates: {
    after: 0,
    badAfter: 0,
    next:
      'Read the error. Replay the update once the cause is fixed: handling is idempotent. Resolve it only ' +
      'if nothing is owed for it.',
  },
  parked_jobs: {
    after: 0,
    badAfter: HOUR,
    next: 'Read the error. Retry the job once the cause is fixed; resolve it when it is no longer needed.',
  },
  overdue_jobs: {
    after: 15 * MINUTE,
    badAfter: HOUR,
    next: 'Check that workers are running and keep up: a due job waits for a free worker. A retry moves it to the front.',
  },
  stuck_orders: {
    after: HOUR,
    badAfter: 24 * HOUR,
    next: 'The buyer has paid but received nothing. Retry the delivery; if it fails again, ask the creator to refund.',
  },
  stuck_refunds: {
    after: 15 * MINUTE,
    badAfter: 2 * HOUR,
    next: 'Read the error. Telegram refuses a refund when the bot has too few Stars: its creator was told, and it is retried when Stars come in. A bot without a token needs a new one first. You can retry at any time: nothing is refunded twice.',
  },
  held_charges: {
    after: HOUR,
    badAfter: 7 * DAY,
    next:
      'A buyer has paid, but not for any order that we know. After a restore these are the sales since the backup: tell their creators, ' +
      'who deliver a product for each with POST /v1/charges/{id}/deliver, or refund it with POST /v1/charges/{id}/refunds. Otherwise the creator has sent invoices without Starwall.',
  },
  failing_endpoints: {
    after: HOUR,
    badAfter: 24 * HOUR,
    next: 'The creator has to fix their server. It is disabled after five days of continuous failure, and they are warned.',
  },
  sick_webhooks: {
    after: 0,
    badAfter: 30 * MINUTE,
    next:
      'Check again. If it persists, the bot receives no updates: its creator has to rotate the token, ' +
      'which sets the webhook again.',
  },
  differences: {
    after: 0,
    badAfter: 24 * HOUR,
    next:
      'Reconcile again. Differences that remain are explained in the reconciliation; payments that ' +
      'Telegram lists and we do not are repaired.',
  },
  failing_comparisons: {
    after: HOUR,
    badAfter: 6 * HOUR,
    next:
      'Read the error and reconcile again. Until one succeeds, payments whose messages were lost are not ' +
      'found. If the bot cannot be reached, its creator has to act; any other error is for developers.',
  },
  chats_without_rights: {
    after: 0,
    badAfter: 24 * HOUR,
    next:
      'The creator has to restore the bot’s rights, and was told how. Until then no one is admitted or ' +
      'removed; pending work continues afterwards.',
  },
  stopped_bots: {
    after: 0,
    badAfter: 7 * DAY,
    next: 'Staff have stopped it. Release it once the cause is fixed: paid goods wait meanwhile.',
  },
  stuck_removals: {
    after: HOUR,
    badAfter: DAY,
    next: 'Something cannot be ended, mostly because the token is refused. The creator was told what; buyers may continue to be charged until it is fixed.',
  },
  failed_accesses: {
    after: 0,
    badAfter: 24 * HOUR,
    next: 'Read the error. A buyer in too many chats was asked to leave one, and the creator was told why; it is retried automatically. If Telegram refuses for another reason, retry the job once the cause is fixed.',
  },
};

/** `bad` once it has lasted longer than its kind allows. */
export const severityOf = (kind: TroubleKind, since: Date, now: Date): 'warning' | 'bad' =>
  now.getTime() - since.getTime() >= TROUBLE_RULES[kind].badAfter ? 'bad' : 'warning';
