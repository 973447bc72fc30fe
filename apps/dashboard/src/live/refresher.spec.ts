import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { Refresher } from './refresher';

/** Observes a query, and returns the resolvers of its requests. */
function shown(queries: QueryClient, subject: string) {
  const asked: ((answer: string) => void)[] = [];
  const queryFn = () => new Promise<string>((resolve) => asked.push(resolve));
  new QueryObserver(queries, { queryKey: [subject, 'list'], queryFn, staleTime: Number.POSITIVE_INFINITY }).subscribe(
    () => undefined,
  );
  return asked;
}

describe('the displayed data', () => {
  let queries: QueryClient;
  let refresher: Refresher;
  beforeEach(() => {
    vi.useFakeTimers();
    queries = new QueryClient();
    refresher = new Refresher(queries);
  });
  afterEach(() => {
    queries.clear();
    vi.useRealTimers();
  });

  it('is refetched at once when it changes, unlike other data', async () => {
    const [orders, bots] = [shown(queries, 'orders'), shown(queries, 'bots')];
    orders[0]?.('none');
    bots[0]?.('one');
    await vi.advanceTimersByTimeAsync(1);
    refresher.changed(['orders']);
    expect([orders.length, bots.length]).toEqual([2, 1]);
  });

  it('is refetched once if it changes during its first request', async () => {
    const orders = shown(queries, 'orders');
    refresher.changed(['orders']);
    expect(orders).toHaveLength(1);
    orders[0]?.('none');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(orders).toHaveLength(2);
  });

  it('is refetched after a slow answer, once for all events that arrived meanwhile', async () => {
    const orders = shown(queries, 'orders');
    orders[0]?.('none');
    await vi.advanceTimersByTimeAsync(1);
    for (let n = 0; n < 10; n += 1) {
      refresher.changed(['orders']);
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(orders).toHaveLength(2);
    orders[1]?.('one');
    await vi.advanceTimersByTimeAsync(1);
    expect(queries.getQueryData(['orders', 'list'])).toBe('one');
    expect(orders).toHaveLength(3);
  });
});
