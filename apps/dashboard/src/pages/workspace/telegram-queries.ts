import { queryOptions } from '@tanstack/react-query';
import { answered } from '#libs/client';
import { api, every, newKey, queryClient } from '../../api/client';

const KEY = ['telegram-links'];
const MOST = 100;
/** Milliseconds. Pressing Start in Telegram causes no event, so the page polls. */
const LOOK_AGAIN = every(1_500);

/** The member's own links; for owners and admins, those of every member. */
export const linksQuery = queryOptions({
  queryKey: [...KEY, 'list'],
  queryFn: async () => (await answered(api.GET('/v1/telegram-links', { params: { query: { limit: MOST } } }))).data,
});

/** A link until its code was used. */
export const linkQuery = (id: string) =>
  queryOptions({
    queryKey: [...KEY, id],
    queryFn: () => answered(api.GET('/v1/telegram-links/{id}', { params: { path: { id } } })),
    refetchInterval: ({ state }) => (state.data === undefined || state.data.state === 'open') && LOOK_AGAIN,
  });

export const createLink = (botId: string) =>
  answered(api.POST('/v1/telegram-links', { body: { bot_id: botId }, params: { header: newKey() } }));

export const endLink = (id: string) => answered(api.DELETE('/v1/telegram-links/{id}', { params: { path: { id } } }));

export const linksChanged = () =>
  Promise.all([
    queryClient.invalidateQueries({ queryKey: KEY }),
    // Linking an owner may begin alerts.
    queryClient.invalidateQueries({ queryKey: ['alerts'] }),
  ]);
