import { queryOptions } from '@tanstack/react-query';
import { answered } from '#libs/client';
import { api } from './client';

const HARDLY_EVER = 5 * 60_000;

/** Who is signed in, where, and in which role. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: () => answered(api.GET('/v1/me')),
  staleTime: HARDLY_EVER,
});

/** Whether anything is real here. */
export const installationQuery = queryOptions({
  queryKey: ['installation'],
  queryFn: () => answered(api.GET('/v1/installation')),
  staleTime: Number.POSITIVE_INFINITY,
});

/** All bots that are not removed: a workspace has few. */
export const botsQuery = queryOptions({
  queryKey: ['bots'],
  queryFn: async () => (await answered(api.GET('/v1/bots', { params: { query: { limit: 100 } } }))).data,
});
