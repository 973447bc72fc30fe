import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { answered } from '#libs/client';
import { api, every, newKey, queryClient } from '../../api/client';
import type { SubscriptionState } from './looks';

const KEY = ['subscriptions'];
const PAGE = 50;
const LOOK_AGAIN = every(3_000);
const DAY = 86_400_000;

export const subscriptionsQuery = (state: SubscriptionState | undefined) =>
  infiniteQueryOptions({
    queryKey: [...KEY, 'list', state],
    queryFn: ({ pageParam }) => {
      const cursor = pageParam === undefined ? {} : { starting_after: pageParam };
      const query = { limit: PAGE, ...cursor, ...(state === undefined ? {} : { state }) };
      return answered(api.GET('/v1/subscriptions', { params: { query } }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ data, has_more: hasMore }) => (hasMore ? data.at(-1)?.id : undefined),
  });

export const subscriptionQuery = (id: string) =>
  queryOptions({
    queryKey: [...KEY, id],
    queryFn: () => answered(api.GET('/v1/subscriptions/{id}', { params: { path: { id } } })),
    refetchInterval: ({ state }) => ((state.data?.pending ?? null) === null ? false : LOOK_AGAIN),
  });

const dateOf = (time: number) => new Date(time).toISOString().slice(0, 10);

/** The last 30 UTC days, today included. */
export const metricsQuery = queryOptions({
  queryKey: [...KEY, 'metrics'],
  queryFn: () => {
    const query = { from: dateOf(Date.now() - 29 * DAY), to: dateOf(Date.now() + DAY) };
    return answered(api.GET('/v1/metrics/subscriptions', { params: { query } }));
  },
});

export const productNameQuery = (id: string) =>
  queryOptions({
    queryKey: ['products', id],
    queryFn: () => answered(api.GET('/v1/products/{id}', { params: { path: { id } } })),
  });

export const cancelSubscription = (id: string) =>
  answered(api.POST('/v1/subscriptions/{id}/cancel', { params: { path: { id }, header: newKey() } }));

/** Lets the buyer switch renewal on again; it does not switch it on. */
export const resumeSubscription = (id: string) =>
  answered(api.POST('/v1/subscriptions/{id}/resume', { params: { path: { id }, header: newKey() } }));

export const subscriptionsChanged = () => queryClient.invalidateQueries({ queryKey: KEY });
