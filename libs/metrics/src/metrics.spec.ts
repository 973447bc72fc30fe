import { createServer } from 'node:net';
import { Counter, Registry } from 'prom-client';
import { secondsSince, startAtZero } from './counting.js';
import { serveSources } from './metrics-server.js';

function counted() {
  const registry = new Registry();
  const sales = new Counter({ name: 'sales_total', help: 'Sales.', labelNames: ['how'], registers: [registry] });
  return { registry, sales };
}

it('a counter shows its series before it counts anything', async () => {
  const { registry, sales } = counted();
  startAtZero(sales, 'how', ['by_hand', 'by_bot']);
  sales.inc({ how: 'by_bot' });
  const text = await registry.metrics();
  expect(text).toContain('sales_total{how="by_hand"} 0');
  expect(text).toContain('sales_total{how="by_bot"} 1');
});

it('seconds are measured from a time of performance.now()', () => {
  expect(secondsSince(performance.now() - 2_000)).toBeCloseTo(2, 1);
});

describe('the metrics port', () => {
  it('shows all sources, each refreshed before it is read, and nothing else', async () => {
    const [one, other] = [counted(), counted()];
    const refresh = async () => one.sales.inc({ how: 'refreshed' });
    const url = await serveSources(
      [
        { ...one, refresh },
        { ...other, refresh: async () => undefined },
      ],
      '127.0.0.1',
      0,
    );
    other.sales.inc({ how: 'by_bot' }, 7);

    const answer = await fetch(url);
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    const text = await answer.text();
    expect(text).toContain('sales_total{how="refreshed"} 1');
    expect(text).toContain('sales_total{how="by_bot"} 7');

    expect((await fetch(new URL('/', url))).status).toBe(404);
    expect((await fetch(url, { method: 'POST' })).status).toBe(404);
  });

  it('answers 500 when a source fails, and recovers at the next scrape', async () => {
    const { registry } = counted();
    let fails = true;
    const refresh = async () => {
      if (fails) throw new Error('not now');
    };
    const url = await serveSources([{ registry, refresh }], '127.0.0.1', 0);
    expect((await fetch(url)).status).toBe(500);
    fails = false;
    expect((await fetch(url)).status).toBe(200);
  });

  it('reports that it is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await expect(serveSources([], '127.0.0.1', port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
    other.close();
  });
});
