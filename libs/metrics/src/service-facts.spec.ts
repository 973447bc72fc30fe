import { ANSWER, apiSeconds, preCheckoutSeconds, telegramCalls, telegramSeconds } from './metrics.js';
import { answersIn, countedFacts, durationOf, FactsWindow, type ServiceFacts, sumOfFacts } from './service-facts.js';

const with95 = (buckets: readonly number[]) => {
  const facts = { buckets, failed: 0 };
  return [durationOf(facts, 0.5), durationOf(facts, 0.95)];
};
const bucketsWith = (at: number, n: number) => [...ANSWER, 0].map((_, i) => (i === at ? n : 0));

/** Returns facts in which every number is the same. */
const all = (n: number): ServiceFacts => {
  const each = { buckets: ANSWER.map(() => n).concat(n), failed: n };
  return { telegram: each, checkouts: each, api: each };
};

it('facts include all counted responses, whatever their labels, and those that failed', async () => {
  const before = await countedFacts();
  for (const status of ['2xx', '5xx', '4xx']) apiSeconds.observe({ status }, 0.2);
  for (const outcome of ['approved', 'refused', 'unanswered']) preCheckoutSeconds.observe({ outcome }, 20);
  telegramSeconds.observe(3);
  for (const outcome of ['ok', 'refused', 'rate_limited', 'timeout', 'network', 'failed'])
    telegramCalls.inc({ method: 'sendMessage', outcome });
  const facts = new FactsWindow(1_000, before, 0).add(await countedFacts(), 1);
  expect(facts.api).toEqual({ buckets: bucketsWith(5, 3), failed: 1 });
  expect(facts.checkouts).toEqual({ buckets: bucketsWith(ANSWER.length, 3), failed: 1 });
  expect(facts.telegram).toEqual({ buckets: bucketsWith(9, 1), failed: 3 });
});

it('a window drops everything older than its period', () => {
  const window = new FactsWindow(300, all(0), 0);
  expect(window.add(all(5), 100)).toEqual(all(5));
  expect(window.add(all(6), 300)).toEqual(all(6));
  expect(window.add(all(7), 399)).toEqual(all(7));
  expect(window.add(all(7), 400)).toEqual(all(2));
  expect(window.add(all(7), 5_000)).toEqual(all(0));
});

it('durations are estimated within a bucket, as Prometheus does', () => {
  expect(with95(bucketsWith(0, 0))).toEqual([undefined, undefined]);
  expect(with95(bucketsWith(7, 100))).toEqual([0.75, 0.975]);
  expect(with95(bucketsWith(ANSWER.length, 100))).toEqual([10, 10]);
  const mixed = bucketsWith(0, 90).map((n, i) => (i === 8 ? 10 : n));
  expect(with95(mixed)[1]).toBeCloseTo(1.75);
});

it('facts of several processes are added up', () => {
  expect(sumOfFacts([all(1), all(2)])).toEqual(all(3));
  expect(answersIn(sumOfFacts([]).api)).toBe(0);
});
