import { queryOptions, useMutation } from '@tanstack/react-query';
import { answered, type Schema } from '#libs/client';
import { api, newKey, queryClient } from '../../api/client';
import { botsQuery } from '../../api/everywhere';

/** A bot's unresolved problems, each with its remedy. */
export const problemsQuery = (id: string) =>
  queryOptions({
    queryKey: ['bots', id, 'problems'],
    queryFn: async () => (await answered(api.GET('/v1/bots/{id}/problems', { params: { path: { id } } }))).data,
  });

/** Telegram's facts about the webhook, requested only by a click. */
export const webhookQuery = (id: string) =>
  queryOptions({
    queryKey: ['bots', id, 'webhook'],
    queryFn: () => answered(api.GET('/v1/bots/{id}/webhook', { params: { path: { id } } })),
    enabled: false,
  });

const header = () => ({ params: { header: newKey() } });

export const registerBot = (body: Schema<'RegisterBot'>) => answered(api.POST('/v1/bots', { body, ...header() }));

export const makeSandboxBot = (body: Schema<'CreateSandboxBot'>) =>
  answered(api.POST('/v1/sandbox/bots', { body, ...header() }));

export const botsChanged = () => queryClient.invalidateQueries({ queryKey: botsQuery.queryKey });

export const changeBot = (id: string, body: Schema<'UpdateBot'>) =>
  answered(api.PATCH('/v1/bots/{id}', { body, params: { path: { id }, header: newKey() } }));

export const rotateToken = (id: string, token: string) =>
  answered(api.POST('/v1/bots/{id}/rotate-token', { body: { token }, params: { path: { id }, header: newKey() } }));

/** Begins the removal; while it is under way, retries what failed. */
export const removeBot = (id: string) => answered(api.DELETE('/v1/bots/{id}', { params: { path: { id }, query: {} } }));

export const obligationsQuery = (id: string) =>
  queryOptions({
    queryKey: ['bots', id, 'obligations'],
    queryFn: async () =>
      (await answered(api.GET('/v1/bots/{id}/obligations', { params: { path: { id }, query: { limit: 100 } } }))).data,
  });

/** Pauses an active bot, and resumes a paused one. */
export const usePause = ({ id, state }: Schema<'Bot'>) =>
  useMutation({
    mutationFn: () => {
      const params = { path: { id }, header: newKey() };
      return state === 'paused'
        ? answered(api.POST('/v1/bots/{id}/resume', { params }))
        : answered(api.POST('/v1/bots/{id}/pause', { params }));
    },
    onSuccess: botsChanged,
  });
