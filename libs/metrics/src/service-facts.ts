import type { Counter, Histogram } from 'prom-client';
import { ANSWER, apiSeconds, preCheckoutSeconds, telegramCalls, telegramSeconds } from './metrics.js';

/** Responses of one service in a period. */
export interface AnswerFacts {
  /** Their number by duration: up to each bound of {@link ANSWER}, in order, and above the last one. */
  readonly buckets: readonly number[];
  readonly failed: number;
}

export const SERVICES = ['telegram', 'checkouts', 'api'] as const;
export type Service = (typeof SERVICES)[number];

/** The services that a process calls or offers. Plain numbers without ids, which can be stored as JSON. */
export type ServiceFacts = Readonly<Record<Service, AnswerFacts>>;

/** Reads what this process has counted since its start. */
export async function countedFacts(): Promise<ServiceFacts> {
  const [telegram, checkouts, api] = await Promise.all([
    bucketsOf(telegramSeconds),
    bucketsOf(preCheckoutSeconds),
    bucketsOf(apiSeconds),
  ]);
  const [away, unanswered, broken] = await Promise.all([
    countOf(telegramCalls, 'outcome', ['failed', 'timeout', 'network']),
    answersWith(preCheckoutSeconds, 'outcome', 'unanswered'),
    answersWith(apiSeconds, 'status', '5xx'),
  ]);
  return {
    telegram: { buckets: telegram, failed: away },
    checkouts: { buckets: checkouts, failed: unanswered },
    api: { buckets: api, failed: broken },
  };
}

type Combine = (one: number, other: number) => number;

/** Combines the numbers of two facts pairwise. */
const combined = (one: ServiceFacts, other: ServiceFacts, combine: Combine): ServiceFacts => {
  const each = (service: Service): AnswerFacts => ({
    buckets: one[service].buckets.map((n, i) => combine(n, other[service].buckets[i] ?? 0)),
    failed: combine(one[service].failed, other[service].failed),
  });
  return { telegram: each('telegram'), checkouts: each('checkouts'), api: each('api') };
};

const none = (): AnswerFacts => ({ buckets: Array.from({ length: ANSWER.length + 1 }, () => 0), failed: 0 });

/** Adds up the facts of several processes. */
export const sumOfFacts = (all: readonly ServiceFacts[]): ServiceFacts =>
  all.reduce((sum, one) => combined(sum, one, (a, b) => a + b), { telegram: none(), checkouts: none(), api: none() });

/** Facts about the last minutes, computed from the counts since the start. */
export class FactsWindow {
  private readonly readings: { readonly at: number; readonly facts: ServiceFacts }[];

  /** @param ms the length of the period; it begins with the newest reading that is at least this old */
  constructor(
    private readonly ms: number,
    begun: ServiceFacts,
    now: number,
  ) {
    this.readings = [{ at: now, facts: begun }];
  }

  /** Takes a reading, and returns the increase within the period. */
  add(facts: ServiceFacts, now: number): ServiceFacts {
    this.readings.push({ at: now, facts });
    while ((this.readings[1]?.at ?? now) <= now - this.ms) this.readings.shift();
    const [oldest] = this.readings;
    return oldest === undefined ? facts : combined(facts, oldest.facts, (a, b) => a - b);
  }
}

export const answersIn = ({ buckets }: AnswerFacts): number => buckets.reduce((sum, n) => sum + n, 0);

/**
 * Returns the duration in seconds within which this share of the responses arrived, estimated as Prometheus does:
 * evenly within a bucket, and at most the last bound. @returns undefined if there were no responses
 */
export function durationOf(facts: AnswerFacts, share: number): number | undefined {
  const total = answersIn(facts);
  if (total === 0) return undefined;
  let left = share * total;
  for (const [i, upper] of ANSWER.entries()) {
    const [n, lower] = [facts.buckets[i] ?? 0, ANSWER[i - 1] ?? 0];
    if (n > 0 && left <= n) return lower + (upper - lower) * (left / n);
    left -= n;
  }
  return ANSWER.at(-1);
}

/** Returns the number of responses per bucket, over all labels. */
async function bucketsOf(histogram: Histogram): Promise<number[]> {
  const { values } = await histogram.get();
  const upTo = (le: number | string) =>
    values
      .filter(({ metricName, labels }) => metricName?.endsWith('_bucket') === true && labels['le'] === le)
      .reduce((sum, { value }) => sum + value, 0);
  const cumulative = [...ANSWER.map(upTo), upTo('+Inf')];
  return cumulative.map((n, i) => n - (cumulative[i - 1] ?? 0));
}

async function countOf<Label extends string>(
  counter: Counter<string>,
  label: Label,
  counted: readonly string[],
): Promise<number> {
  const { values } = await counter.get();
  return values
    .filter(({ labels }) => counted.includes(String(labels[label])))
    .reduce((sum, { value }) => sum + value, 0);
}

async function answersWith(histogram: Histogram<string>, label: string, counted: string): Promise<number> {
  const { values } = await histogram.get();
  return values
    .filter(({ metricName, labels }) => metricName?.endsWith('_count') === true && labels[label] === counted)
    .reduce((sum, { value }) => sum + value, 0);
}
