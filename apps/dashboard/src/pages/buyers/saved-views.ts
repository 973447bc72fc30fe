import { answered } from '#libs/client';
import { api, newKey } from '../../api/client';
import type { ViewedList } from '../../parts/saved-views';
import { type BuyerFilters, readBuyerFilters } from './filters';

/** Saved views of buyers: the member's own and shared ones. */
export const BUYER_VIEWS: ViewedList<BuyerFilters> = {
  name: 'buyers',
  load: async () =>
    (await answered(api.GET('/v1/buyer-views', { params: { query: { limit: 100 } } }))).data.toReversed(),
  save: (body) => answered(api.POST('/v1/buyer-views', { body, params: { header: newKey() } })),
  share: (id, shared) =>
    answered(api.PATCH('/v1/buyer-views/{id}', { body: { shared }, params: { path: { id }, header: newKey() } })),
  remove: (id) => answered(api.DELETE('/v1/buyer-views/{id}', { params: { path: { id } } })),
  linkTo: (filters) => ({ to: '/buyers', search: readBuyerFilters({ ...filters }) }),
};
