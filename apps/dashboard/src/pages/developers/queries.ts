import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { answered, type EventType, type Schema } from '#libs/client';
import { api, every, newKey, queryClient } from '../../api/client';

const KEY = ['developers'];
const MOST = 100;
const PAGE = 30;
/** Milliseconds. Delivery attempts cause no events, so the page polls. */
const LOOK_AGAIN = every(5_000);

export const keysQuery = queryOptions({
  queryKey: [...KEY, 'keys'],
  queryFn: async () => (await answered(api.GET('/v1/api-keys', { params: { query: { limit: MOST } } }))).data,
});

export const createKey = (body: Schema<'CreateApiKey'>) =>
  answered(api.POST('/v1/api-keys', { body, params: { header: newKey() } }));

export const revokeKey = (id: string) => answered(api.DELETE('/v1/api-keys/{id}', { params: { path: { id } } }));

export const endpointsQuery = queryOptions({
  queryKey: [...KEY, 'endpoints'],
  queryFn: async () => (await answered(api.GET('/v1/endpoints'))).data,
  refetchInterval: LOOK_AGAIN,
});

export const createEndpoint = (body: Schema<'CreateEndpoint'>) =>
  answered(api.POST('/v1/endpoints', { body, params: { header: newKey() } }));

export const changeEndpoint = (id: string, body: Schema<'UpdateEndpoint'>) =>
  answered(api.PATCH('/v1/endpoints/{id}', { body, params: { path: { id }, header: newKey() } }));

export const deletingKey = (id: string) => [...KEY, 'delete', id];

/** Deletes an endpoint, and removes it from the list at once: asking for its deliveries again would fail. */
export async function deleteEndpoint(id: string): Promise<void> {
  await answered(api.DELETE('/v1/endpoints/{id}', { params: { path: { id } } }));
  queryClient.setQueryData(endpointsQuery.queryKey, (known) => known?.filter((one) => one.id !== id));
}

export const rotateEndpoint = (id: string) =>
  answered(api.POST('/v1/endpoints/{id}/rotate-secret', { params: { path: { id } } }));

export const testEndpoint = (id: string) =>
  answered(api.POST('/v1/endpoints/{id}/test', { params: { path: { id }, header: newKey() } }));

const resend = (id: string, body: Schema<'Resend'>) =>
  answered(api.POST('/v1/endpoints/{id}/resend', { body, params: { path: { id }, header: newKey() } }));

/** Resends deliveries that were given up. */
export const resendFailed = (id: string, since: string) => resend(id, { mode: 'failed', since });
/** Sends events that were never sent, because the endpoint was off or did not exist. */
export const resendMissing = (id: string, since: string) => resend(id, { mode: 'missing', since });

/** False from the request to delete an endpoint on: the event may come before the response, and there is nothing left to ask for. */
const remains = (id: string) =>
  queryClient.isMutating({ mutationKey: deletingKey(id) }) === 0 &&
  queryClient.getQueryData(endpointsQuery.queryKey)?.some((endpoint) => endpoint.id === id) !== false;

export const deliveriesQuery = (endpointId: string) =>
  infiniteQueryOptions({
    queryKey: [...KEY, endpointId, 'deliveries'],
    queryFn: ({ pageParam }) => {
      const query = { limit: PAGE, ...(pageParam === undefined ? {} : { starting_after: pageParam }) };
      return answered(api.GET('/v1/endpoints/{id}/deliveries', { params: { path: { id: endpointId }, query } }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ data, has_more: hasMore }) => (hasMore ? data.at(-1)?.id : undefined),
    refetchInterval: LOOK_AGAIN,
    enabled: () => remains(endpointId),
  });

export const resendDelivery = (endpointId: string, deliveryId: string) =>
  answered(
    api.POST('/v1/endpoints/{id}/deliveries/{delivery_id}/resend', {
      params: { path: { id: endpointId, delivery_id: deliveryId }, header: newKey() },
    }),
  );

export const eventQuery = (id: string) =>
  queryOptions({
    queryKey: [...KEY, 'events', id],
    queryFn: () => answered(api.GET('/v1/events/{id}', { params: { path: { id } } })),
  });

export const eventsQuery = (type: EventType | undefined) =>
  infiniteQueryOptions({
    queryKey: [...KEY, 'events', 'list', type],
    queryFn: ({ pageParam }) => {
      const cursor = pageParam === undefined ? {} : { starting_after: pageParam };
      const query = { limit: PAGE, ...cursor, ...(type === undefined ? {} : { type }) };
      return answered(api.GET('/v1/events', { params: { query } }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ data, has_more: hasMore }) => (hasMore ? data.at(-1)?.id : undefined),
  });

export const resendEvent = (id: string) =>
  answered(api.POST('/v1/events/{id}/resend', { body: {}, params: { path: { id }, header: newKey() } }));

export const triggerEvent = (type: EventType) =>
  answered(api.POST('/v1/events/trigger', { body: { type }, params: { header: newKey() } }));

export const developersChanged = () => queryClient.invalidateQueries({ queryKey: KEY });
