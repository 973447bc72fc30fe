import { queryOptions } from '@tanstack/react-query';
import { answered } from '#libs/client';
import { api } from '../../api/client';
import { type Day, periodOf } from './periods';

/** The largest count that is shown as a number. */
const MOST = 100;

/** Sixty days: the last thirty and those before. */
export const salesQuery = queryOptions({
  queryKey: ['metrics', 'sales', 'days'],
  queryFn: async () => {
    const query = { ...periodOf(new Date(), 60), group_by: 'day' as const };
    const { data } = await answered(api.GET('/v1/metrics/sales', { params: { query } }));
    return data.map(({ day = '', stars_earned, orders }): Day => ({ day, stars: stars_earned, orders: orders.paid }));
  },
});

/** The totals of the last thirty days. */
export const totalsQuery = queryOptions({
  queryKey: ['metrics', 'sales', 'totals'],
  queryFn: async () => {
    const query = { ...periodOf(new Date(), 30), group_by: 'bot' as const };
    return (await answered(api.GET('/v1/metrics/sales', { params: { query } }))).totals;
  },
});

export const undeliveredQuery = queryOptions({
  queryKey: ['orders', 'undelivered'],
  queryFn: async () => {
    const query = { payment_state: 'paid', delivery_state: 'failed', limit: MOST } as const;
    return (await answered(api.GET('/v1/orders', { params: { query } }))).data.length;
  },
});
