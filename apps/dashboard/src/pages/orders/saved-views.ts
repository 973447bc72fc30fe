import { queryOptions } from '@tanstack/react-query';
import { answered } from '#libs/client';
import { api, newKey, queryClient } from '../../api/client';
import type { OrderFilters } from './filters';

/** Saved views of the member and of the workspace, oldest first. */
export const viewsQuery = queryOptions({
  queryKey: ['views'],
  queryFn: async () =>
    (await answered(api.GET('/v1/order-views', { params: { query: { limit: 100 } } }))).data.toReversed(),
});

interface Wanted {
  readonly name: string;
  readonly filters: OrderFilters;
  readonly shared: boolean;
}

export const saveView = (body: Wanted) => answered(api.POST('/v1/order-views', { body, params: { header: newKey() } }));

export const shareView = (id: string, shared: boolean) =>
  answered(api.PATCH('/v1/order-views/{id}', { body: { shared }, params: { path: { id }, header: newKey() } }));

export const removeView = (id: string) => answered(api.DELETE('/v1/order-views/{id}', { params: { path: { id } } }));

export const viewsChanged = () => queryClient.invalidateQueries(viewsQuery);
