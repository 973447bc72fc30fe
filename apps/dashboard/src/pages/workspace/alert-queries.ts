import { queryOptions } from '@tanstack/react-query';
import { answered, type Schema, StarwallProblem } from '#libs/client';
import { api, newKey, queryClient } from '../../api/client';

const KEY = ['alerts'];

/** The chat that gets alerts; null while there is none. */
export const alertsQuery = queryOptions({
  queryKey: [...KEY, 'chat'],
  queryFn: async () => {
    try {
      return await answered(api.GET('/v1/alerts'));
    } catch (error) {
      if (error instanceof StarwallProblem && error.status === 404) return null;
      throw error;
    }
  },
});

export const mailAlertsQuery = queryOptions({
  queryKey: [...KEY, 'mail'],
  queryFn: () => answered(api.GET('/v1/alerts/mail')),
});

export const setMailAlerts = (body: Schema<'SetMailAlerts'>) =>
  answered(api.PUT('/v1/alerts/mail', { body, params: { header: newKey() } }));

/** The people who started a bot most recently: the creator has just pressed Start. */
export const newcomersQuery = (botId: string) =>
  queryOptions({
    queryKey: ['buyers', 'newcomers', botId],
    queryFn: async () =>
      (await answered(api.GET('/v1/buyers', { params: { query: { bot_id: botId, limit: 5 } } }))).data,
    enabled: botId !== '',
  });

export const setAlerts = (body: Schema<'SetAlerts'>) =>
  answered(api.PUT('/v1/alerts', { body, params: { header: newKey() } }));

export const stopAlerts = () => answered(api.DELETE('/v1/alerts', { params: { header: newKey() } }));

export const alertsChanged = () => queryClient.invalidateQueries({ queryKey: KEY });
