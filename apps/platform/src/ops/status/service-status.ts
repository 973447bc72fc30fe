import { type AnswerFacts, answersIn, durationOf, type ServiceFacts } from '#libs/metrics';

/** `unknown`: our database does not respond. */
export const STATUSES = ['ok', 'slow', 'down', 'unknown'] as const;
export type Status = (typeof STATUSES)[number];

/** Parts of the platform for which the status page shows response times. */
export const ANSWERING = ['telegram', 'checkouts', 'api'] as const;
/** Parts for which it shows how long their work waits. */
export const WORKING = ['updates', 'deliveries', 'webhooks'] as const;
export const PARTS = [...ANSWERING, ...WORKING] as const;
export type Part = (typeof PARTS)[number];

/** Seconds. */
export type Delays = Readonly<Record<(typeof WORKING)[number], number>>;

export interface AnsweringPart {
  readonly status: Status;
  /** Milliseconds; null if there was no response in the period. */
  readonly p50_ms: number | null;
  readonly p95_ms: number | null;
  readonly failed_percent: number | null;
}

export interface WorkingPart {
  readonly status: Status;
  readonly delay_seconds: number | null;
}

export type PlatformParts = Readonly<Record<(typeof ANSWERING)[number], AnsweringPart>> &
  Readonly<Record<(typeof WORKING)[number], WorkingPart>>;

/**
 * Seconds: a service is slow if more than 5 of 100 responses take longer. The same bound raises the alerts TelegramSlow
 * and CheckoutSlow.
 */
const SLOW_FROM = 2.5;
/** Shares of failed responses. A single failure among a few responses is not significant. */
const [TROUBLED_FROM, DOWN_FROM, FEWEST_FAILED] = [0.05, 0.2, 3];
/** Seconds after which waiting work counts as slow. */
const LATE: Delays = { updates: 10, deliveries: 30, webhooks: 120 };
const STANDS_STILL: Delays = { updates: 300, deliveries: 600, webhooks: 1_800 };

/** The state of every part. @param known undefined when the database does not respond */
export function platformParts(
  known: { readonly facts: ServiceFacts; readonly delays: Delays; readonly isIngressAway: boolean } | undefined,
): PlatformParts {
  if (known === undefined) return { ...UNKNOWN, api: { ...SILENT, status: 'down' } };
  const { facts, delays, isIngressAway } = known;
  const work = (part: keyof Delays): WorkingPart => ({
    status: workStatus(part, delays[part]),
    delay_seconds: Math.round(delays[part]),
  });
  return {
    telegram: answering(facts.telegram),
    checkouts: isIngressAway ? { ...SILENT, status: 'down' } : answering(facts.checkouts),
    api: answering(facts.api),
    updates: work('updates'),
    deliveries: work('deliveries'),
    webhooks: work('webhooks'),
  };
}

/** The worst of all parts; `unknown` is no worse than `ok`. */
export function worst(parts: PlatformParts): Status {
  const statuses = PARTS.map((part) => parts[part].status);
  return (['down', 'slow'] as const).find((status) => statuses.includes(status)) ?? 'ok';
}

function answering(facts: AnswerFacts): AnsweringPart {
  const total = answersIn(facts);
  if (total === 0) return { ...SILENT, status: 'ok' };
  const [p50, p95, failed] = [durationOf(facts, 0.5), durationOf(facts, 0.95), facts.failed / total];
  return {
    status: answerStatus(p95 ?? 0, facts.failed, failed),
    p50_ms: milliseconds(p50),
    p95_ms: milliseconds(p95),
    failed_percent: Math.round(failed * 1_000) / 10,
  };
}

function answerStatus(p95: number, failures: number, share: number): Status {
  if (failures >= FEWEST_FAILED && share > DOWN_FROM) return 'down';
  return p95 > SLOW_FROM || (failures >= FEWEST_FAILED && share > TROUBLED_FROM) ? 'slow' : 'ok';
}

function workStatus(part: keyof Delays, delay: number): Status {
  if (delay > STANDS_STILL[part]) return 'down';
  return delay > LATE[part] ? 'slow' : 'ok';
}

const milliseconds = (seconds: number | undefined) => (seconds === undefined ? null : Math.round(seconds * 1_000));

const SILENT = { p50_ms: null, p95_ms: null, failed_percent: null };
const UNSEEN = { ...SILENT, status: 'unknown' } as const;
const UNTOLD = { status: 'unknown', delay_seconds: null } as const;
const UNKNOWN: PlatformParts = {
  telegram: UNSEEN,
  checkouts: UNSEEN,
  api: UNSEEN,
  updates: UNTOLD,
  deliveries: UNTOLD,
  webhooks: UNTOLD,
};
