import { answered } from '#libs/client';
import { api, newKey } from '../../api/client';
import type { ViewedList } from '../../parts/saved-views';
import { type OrderFilters, readOrderFilters } from './filters';

/** Saved views of orders: the member's own and shared ones. */
export const ORDER_VIEWS: ViewedList<OrderFilters> = {
  name: 'orders',
  load: async () =>
    (await answered(api.GET('/v1/order-views', { params: { query: { limit: 100 } } }))).data.toReversed(),
  save: (body) => answered(api.POST('/v1/order-views', { body, params: { header: newKey() } })),
  share: (id, shared) =>
    answered(api.PATCH('/v1/order-views/{id}', { body: { shared }, params: { path: { id }, header: newKey() } })),
  remove: (id) => answered(api.DELETE('/v1/order-views/{id}', { params: { path: { id } } })),
  linkTo: (filters) => ({ to: '/orders', search: readOrderFilters({ ...filters }) }),
};
