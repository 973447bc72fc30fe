import { queryOptions } from '@tanstack/react-query';
import { answered } from '#libs/client';
import { api, every, newKey } from './client';
import { session, visit } from './session';

const HARDLY_EVER = 5 * 60_000;

/** The signed-in account, its workspace and its role. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  // The API answers this for members only; a visitor's pass contains it.
  queryFn: () => Promise.resolve(visit?.pass?.me).then((me) => me ?? answered(api.GET('/v1/me'))),
  staleTime: HARDLY_EVER,
});

/** Moves this session, and so all tabs, to another workspace of the account. */
export async function switchWorkspace(id: string): Promise<void> {
  await answered(api.POST('/v1/auth/switch', { body: { tenant_id: id }, params: { header: newKey() } }));
  session.moved();
}

/** The environment of the installation: real or simulated. */
export const installationQuery = queryOptions({
  queryKey: ['installation'],
  queryFn: () => answered(api.GET('/v1/installation')),
  staleTime: Number.POSITIVE_INFINITY,
});

/** Tells whether Telegram or the platform is slow. */
export const statusQuery = queryOptions({
  queryKey: ['status'],
  queryFn: () => answered(api.GET('/v1/status')),
  refetchInterval: every(60_000),
  // A page works without it.
  retry: false,
});

/** All bots that are not removed: a workspace has few. */
export const botsQuery = queryOptions({
  queryKey: ['bots'],
  queryFn: async () => (await answered(api.GET('/v1/bots', { params: { query: { limit: 100 } } }))).data,
});
