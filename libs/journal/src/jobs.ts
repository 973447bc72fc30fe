import { DAY, DomainError, HOUR, MINUTE, SECOND } from '#libs/kernel';

/** Queues are worked on side by side; what is slow in one does not hold up another. */
export const QUEUES = ['relay', 'delivery', 'refunds', 'webhooks', 'slow-webhooks', 'fulfilment', 'books'] as const;
export type Queue = (typeof QUEUES)[number];

/** What a job may wait for until somebody ends it: the end of a restriction of its workspace or bot, or a working token. */
export const WAITS_FOR = ['lifting', 'token'] as const;
export type WaitsFor = (typeof WAITS_FOR)[number];

export interface JobRule {
  readonly queue: Queue;
  /** Milliseconds to wait after the first, second, ... failure. When the list ends, the job is parked for staff to see. */
  readonly retries: readonly number[];
  /** What `subject` is the id of. */
  readonly subject:
    | 'bot'
    | 'subscription'
    | 'charge'
    | 'chat_access'
    | 'support_thread'
    | 'credit_account'
    | 'order'
    | 'refund'
    | 'delivery'
    | 'notice'
    | 'event';
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

/** All jobs and their retry schedules. A job carries one id and nothing else: the rows it stands for are the truth. */
export const JOBS = {
  'order.deliver': { queue: 'delivery', retries: EAGER, subject: 'order' },
  // The order's deadline ends it: 30 days at the latest, and every wait may be a fifth shorter.
  'order.fulfil': { queue: 'fulfilment', retries: [...EAGER, ...Array<number>(40).fill(DAY)], subject: 'order' },
  'fulfilment.deadline': { queue: 'delivery', retries: EAGER, subject: 'order' },
  'fulfilment.notify': { queue: 'delivery', retries: EAGER, subject: 'order' },
  // Telegram may be away for long; what it refuses of a promise waits for Stars, and counts as no try.
  'refund.execute': { queue: 'refunds', retries: [...EAGER, ...Array<number>(28).fill(DAY)], subject: 'refund' },
  'refund.notify': { queue: 'delivery', retries: EAGER, subject: 'refund' },
  // A look that waits for the next moment that matters, so it never runs out of tries.
  'subscription.watch': { queue: 'delivery', retries: EAGER, subject: 'subscription' },
  'subscription.edit': { queue: 'refunds', retries: EAGER, subject: 'subscription' },
  'subscription.stop': { queue: 'refunds', retries: EAGER, subject: 'charge' },
  // Waits like a subscription's; what Telegram refuses for two days is parked for staff to see.
  'access.watch': { queue: 'delivery', retries: EAGER, subject: 'chat_access' },
  'credits.lapse': { queue: 'delivery', retries: EAGER, subject: 'credit_account' },
  'support.send': { queue: 'delivery', retries: EAGER, subject: 'support_thread' },
  'bot.menu': { queue: 'delivery', retries: EAGER, subject: 'bot' },
  // Looks again until all is ended; what Telegram does not let go for two days is parked for staff to see.
  'bot.remove': { queue: 'delivery', retries: EAGER, subject: 'bot' },
  'alert.send': { queue: 'delivery', retries: EAGER, subject: 'event' },
  // Parked never: when the tries have run out, the next comparison is planned.
  'bot.reconcile': { queue: 'books', retries: [30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE], subject: 'bot' },
  // Standard Webhooks 1.0.0: ten attempts, the first at once.
  'webhook.attempt': {
    queue: 'webhooks',
    subject: 'delivery',
    retries: [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, DAY],
  },
} as const satisfies Record<string, JobRule>;

export type JobKind = keyof typeof JOBS;

export const JOB_KINDS = Object.keys(JOBS) as JobKind[];

/** How far a wait may stray from its plan, so that what failed together does not come back together. */
const JITTER = 0.2;

/**
 * Milliseconds until the next try, or undefined when there is none left.
 * @param attempts how many tries have been made, at least 1
 * @param random from 0 up to 1
 */
export function retryDelay(kind: JobKind, attempts: number, random: number): number | undefined {
  const planned = JOBS[kind].retries[attempts - 1];
  return planned === undefined ? undefined : Math.round(planned * (1 + JITTER * (2 * random - 1)));
}

/** SQL: joins the job of this kind about a row of tenant $1. @param alias of the job @param subject the row's id, as SQL */
export const joinJob = (alias: string, kind: JobKind, subject: string) =>
  `left join jobs ${alias} on ${alias}.tenant_id = $1 and ${alias}.kind = '${kind}' and ${alias}.subject = ${subject}`;

export class NotParked extends DomainError {
  static readonly code = 'job_not_parked';
  static readonly refusal = 'conflict';
  readonly remedy = 'Look at the list again: somebody else has dealt with it, or it is being worked on.';

  constructor() {
    super('There is no such job, or it is not parked.');
  }
}
