import { resolve } from 'node:path';

interface Figures {
  median(values: readonly number[]): number;
  percentile(values: readonly number[], share: number): number;
  ratios(ours: readonly number[], theirs: readonly number[]): number[];
  short(value: number): string;
  table(results: readonly object[]): string;
  asJson(results: readonly object[]): unknown[];
}
interface Cpu {
  limitOf(used: { wall: number; processes: object; driver: number; others: number }, cores: number): string;
}
const figures = (await import(resolve('bench/support/figures.mjs'))) as Figures;
const { limitOf } = (await import(resolve('bench/support/cpu.mjs'))) as Cpu;

describe('the arithmetic of `npm run bench`', () => {
  it('computes the median of odd and even numbers of runs in any order', () => {
    expect(figures.median([9, 1, 5])).toBe(5);
    expect(figures.median([10, 1, 2, 3])).toBe(2.5);
    expect(figures.median([])).toBeNaN();
  });

  it('computes the 99th percentile', () => {
    const hundred = Array.from({ length: 100 }, (_, n) => 100 - n);
    expect(figures.percentile(hundred, 0.99)).toBe(99);
    expect(figures.percentile(hundred, 1)).toBe(100);
    expect(figures.percentile([7], 0.99)).toBe(7);
  });

  it('computes the ratio per run', () => {
    expect(figures.ratios([10, 30], [20, 30])).toEqual([0.5, 1]);
  });

  it('prints three digits without an exponent', () => {
    expect([1_420.4, 48.96, 0.1294, 0, 100, Number.NaN].map(figures.short)).toEqual([
      '1420',
      '49.0',
      '0.129',
      '0',
      '100',
      '-',
    ]);
  });

  it('shows the median, the spread and the ratio of the runs', () => {
    const row = {
      name: 'sales',
      row: 'sales per second',
      ours: [40, 50, 60],
      theirs: [400, 400, 300],
      against: 'rival',
    };
    expect(
      figures
        .table([row, { row: 'plans', ours: [1] }])
        .split('\n')
        .slice(2),
    ).toEqual([
      '| sales per second | 50.0 (40.0-60.0) | 400 (300-400) rival | 0.125 (0.100-0.200) |  |',
      '| plans | 1.00 |  |  |  |',
    ]);
    const [json] = figures.asJson([row]);
    expect(json).toMatchObject({
      name: 'sales',
      starwall: { runs: [40, 50, 60], median: 50, min: 40, max: 60 },
      ratio: { median: 0.125, min: 0.1, max: 0.2 },
    });
  });

  it('names the exhausted resource', () => {
    const used = (worker: number, driver = 0.1) => ({
      wall: 10,
      processes: { worker },
      driver: driver * 10,
      others: 0,
    });
    expect(limitOf(used(10, 0.9), 2)).toMatch(/^2 cores: worker 1\.00, driver 0\.90/);
    expect(limitOf(used(9.5), 2)).toMatch(/^one thread, worker/);
    expect(limitOf(used(3), 2)).toMatch(/^waiting: worker 0\.30/);
  });
});
