import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { answered, type Schema } from '#libs/client';
import { api, every, newKey, queryClient } from '../../api/client';
import { askedBy, type OrderFilters } from './filters';

const KEY = ['orders'];
const PAGE = 50;
/** Milliseconds. Attempts to deliver an order cause no events, so the page polls. */
const LOOK_AGAIN = every(4_000);

export const ordersQuery = (filters: OrderFilters, limit = PAGE) =>
  infiniteQueryOptions({
    queryKey: [...KEY, 'list', filters, limit],
    queryFn: ({ pageParam }) => {
      const cursor = pageParam === undefined ? {} : { starting_after: pageParam };
      const query = { ...askedBy(filters), ...cursor, limit, expand: 'product,buyer' };
      return answered(api.GET('/v1/orders', { params: { query } }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ data, has_more: hasMore }) => (hasMore ? data.at(-1)?.id : undefined),
  });

/** True while the bot tries to deliver the goods. */
export const isBeingDelivered = ({ status }: Schema<'OrderDetails'>) => status === 'paid' || status === 'delivering';

export const orderQuery = (id: string) =>
  queryOptions({
    queryKey: [...KEY, id],
    queryFn: () =>
      answered(api.GET('/v1/orders/{id}', { params: { path: { id }, query: { expand: 'product,buyer,charges' } } })),
  });

/** @param isMoving true while attempts may be added */
export const timelineQuery = (id: string, isMoving: boolean) =>
  queryOptions({
    queryKey: [...KEY, id, 'timeline'],
    queryFn: () => answered(api.GET('/v1/orders/{id}/timeline', { params: { path: { id } } })),
    refetchInterval: isMoving && LOOK_AGAIN,
  });

/** The orders of a view as a file. */
export const orderFile = async (filters: OrderFilters) =>
  (await answered(
    api.GET('/v1/orders.csv', { params: { query: askedBy(filters) }, parseAs: 'blob' }),
  )) as unknown as Blob;

export const cancelOrder = (id: string) =>
  answered(api.POST('/v1/orders/{id}/cancel', { params: { path: { id }, header: newKey() } }));

export const deliverOrder = (id: string, body: Schema<'Deliver'>) =>
  answered(api.POST('/v1/orders/{id}/deliver', { body, params: { path: { id }, header: newKey() } }));

/** @param key idempotency key: sent again, it refunds nothing twice */
export const refundOrder = (id: string, reason: string | null, key: ReturnType<typeof newKey>) =>
  answered(api.POST('/v1/orders/{id}/refunds', { body: { reason }, params: { path: { id }, header: key } }));

export const ordersChanged = () => queryClient.invalidateQueries({ queryKey: KEY });
