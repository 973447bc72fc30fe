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

const header = () => ({ params: { header: newKey() } });

export const registerBot = (body: Schema<'RegisterBot'>) => answered(api.POST('/v1/bots', { body, ...header() }));

export const makeSandboxBot = (body: Schema<'CreateSandboxBot'>) =>
  answered(api.POST('/v1/sandbox/bots', { body, ...header() }));

export const botsChanged = () => queryClient.invalidateQueries({ queryKey: botsQuery.queryKey });

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
