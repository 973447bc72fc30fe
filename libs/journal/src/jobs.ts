import { DAY, DomainError, HOUR, MINUTE, SECOND } from '#libs/kernel';

/** Queues are processed in parallel, so a slow one does not hold up the others. */
export const QUEUES = ['relay', 'delivery', 'refunds', 'webhooks', 'slow-webhooks', 'fulfilment', 'books'] as const;
export type Queue = (typeof QUEUES)[number];

/** Conditions that a job may wait for: the end of a restriction of its workspace or bot, or a working token. */
export const WAITS_FOR = ['lifting', 'token'] as const;
export type WaitsFor = (typeof WAITS_FOR)[number];

export interface JobRule {
  readonly queue: Queue;
  /**
   * Milliseconds to wait after the first, second, ... failure. At the end of the list the job is parked for staff to
   * see.
   */
  readonly retries: readonly number[];
  /** The kind of row that `subject` identifies. */
  readonly subject:
    | 'bot'
    | 'bot_import'
    | 'subscription'
    | 'charge'
    | 'chat_access'
    | 'support_thread'
    | 'credit_account'
    | 'order'
    | 'refund'
    | 'delivery'
    | 'mail'
    | 'notice'
    | 'event';
  /**
   * True if a workspace waits for it before closing: it moves money or goods, sends an answer, or ends what a bot has
   * begun.
   */
  readonly awaited: boolean;
  /**
   * The text of the warning when it is parked ("Starwall has given up: ..."); null if its handler tells the creator in
   * another way.
   */
  readonly parked: string | null;
}

const EAGER = [
  2 * SECOND,
  5 * SECOND,
  15 * SECOND,
  MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
];

/**
 * All kinds of jobs with their retry schedules. A job carries only an id: the rows behind it are the source of truth.
 */
export const JOBS = {
  'order.deliver': { awaited: true, parked: null, queue: 'delivery', retries: EAGER, subject: 'order' },
  // The order's deadline ends it, after 30 days at most; every wait may be a fifth shorter.
  'order.fulfil': {
    awaited: true,
    parked: 'asking your server for the goods of an order',
    queue: 'fulfilment',
    retries: [...EAGER, ...Array<number>(40).fill(DAY)],
    subject: 'order',
  },
  'fulfilment.deadline': {
    awaited: true,
    parked: 'ending the wait for late goods',
    queue: 'delivery',
    retries: EAGER,
    subject: 'order',
  },
  'fulfilment.notify': {
    awaited: false,
    parked: 'telling a buyer about the outcome of an order',
    queue: 'delivery',
    retries: EAGER,
    subject: 'order',
  },
  // Telegram may be down for a long time. A promised refund that it refuses waits for Stars, without counting as an
  // attempt.
  'refund.execute': {
    awaited: true,
    parked: null,
    queue: 'refunds',
    retries: [...EAGER, ...Array<number>(28).fill(DAY)],
    subject: 'refund',
  },
  'refund.notify': {
    awaited: false,
    parked: 'telling a buyer about a refund',
    queue: 'delivery',
    retries: EAGER,
    subject: 'refund',
  },
  // It waits for the subscription's next relevant time, so it never runs out of attempts.
  'subscription.watch': {
    awaited: false,
    parked: 'managing a subscription',
    queue: 'delivery',
    retries: EAGER,
    subject: 'subscription',
  },
  'subscription.edit': {
    awaited: true,
    parked: 'changing a subscription at Telegram',
    queue: 'refunds',
    retries: EAGER,
    subject: 'subscription',
  },
  'subscription.stop': {
    awaited: true,
    parked: 'stopping a subscription that was paid twice; its buyer may be charged again',
    queue: 'refunds',
    retries: EAGER,
    subject: 'charge',
  },
  // Waits like a subscription's watch; if Telegram refuses for two days, it is parked for staff to see.
  'access.watch': { awaited: false, parked: null, queue: 'delivery', retries: EAGER, subject: 'chat_access' },
  'credits.lapse': {
    awaited: false,
    parked: 'recording expired credits',
    queue: 'delivery',
    retries: EAGER,
    subject: 'credit_account',
  },
  'support.send': { awaited: true, parked: null, queue: 'delivery', retries: EAGER, subject: 'support_thread' },
  'bot.menu': {
    awaited: false,
    parked: "updating your bot's menu and profile at Telegram",
    queue: 'delivery',
    retries: EAGER,
    subject: 'bot',
  },
  // Repeats until everything has ended; if Telegram does not release something for two days, it is parked for staff to
  // see.
  'bot.remove': {
    awaited: true,
    parked: "ending a bot's obligations before its removal",
    queue: 'delivery',
    retries: EAGER,
    subject: 'bot',
  },
  // One bot per run; waiting for Telegram's limits is not a failed attempt.
  'bot.import': {
    awaited: false,
    parked: 'registering bots from a file',
    queue: 'books',
    retries: EAGER,
    subject: 'bot_import',
  },
  'alert.send': { awaited: false, parked: null, queue: 'delivery', retries: EAGER, subject: 'event' },
  'alert.mail': { awaited: false, parked: null, queue: 'delivery', retries: EAGER, subject: 'event' },
  'mail.send': { awaited: false, parked: 'sending an email', queue: 'delivery', retries: EAGER, subject: 'mail' },
  // Never parked: when the attempts run out, the next reconciliation is scheduled.
  'bot.reconcile': {
    awaited: false,
    parked: null,
    queue: 'books',
    retries: [30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE],
    subject: 'bot',
  },
  // Standard Webhooks 1.0.0: ten attempts, the first at once.
  'webhook.attempt': {
    awaited: false,
    parked: null,
    queue: 'webhooks',
    subject: 'delivery',
    retries: [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, DAY],
  },
} as const satisfies Record<string, JobRule>;

export type JobKind = keyof typeof JOBS;

export const JOB_KINDS = Object.keys(JOBS) as JobKind[];

/** The jobs that tell a workspace's members about an event: in Telegram, and by email. */
export const alertJobs = (eventId: string): { readonly kind: JobKind; readonly subject: string }[] => [
  { kind: 'alert.send', subject: eventId },
  { kind: 'alert.mail', subject: eventId },
];

/** Relative deviation of a delay, so that jobs that failed together do not retry together. */
const JITTER = 0.2;

/**
 * Milliseconds until the next attempt, or undefined when there is none left.
 * @param attempts number of attempts made, at least 1
 * @param random from 0 up to 1
 */
export function retryDelay(kind: JobKind, attempts: number, random: number): number | undefined {
  const planned = JOBS[kind].retries[attempts - 1];
  return planned === undefined ? undefined : Math.round(planned * (1 + JITTER * (2 * random - 1)));
}

/**
 * SQL: joins the job of this kind for a row of tenant $1.
 * @param alias of the job
 * @param subject the row's id, as SQL
 */
export const joinJob = (alias: string, kind: JobKind, subject: string) =>
  `left join jobs ${alias} on ${alias}.tenant_id = $1 and ${alias}.kind = '${kind}' and ${alias}.subject = ${subject}`;

export class NotParked extends DomainError {
  static readonly code = 'job_not_parked';
  static readonly refusal = 'conflict';
  readonly remedy = 'Check the list again: the job has been handled, or is running.';

  constructor() {
    super('There is no such job, or it is not parked.');
  }
}
