import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { answered, type Schema } from '#libs/client';
import { api, newKey, queryClient } from '../../api/client';
import type { BuyerFilters } from './filters';

const KEY = ['buyers'];
const PAGE = 50;

const placeOf = ({ telegram_id: id, bot_id: bot }: Schema<'ListedBuyer'>) => `${String(id)}:${bot}`;

export const buyersQuery = (filters: BuyerFilters) =>
  infiniteQueryOptions({
    queryKey: [...KEY, 'list', filters],
    queryFn: ({ pageParam }) => {
      const cursor = pageParam === undefined ? {} : { starting_after: pageParam };
      return answered(api.GET('/v1/buyers', { params: { query: { ...filters, ...cursor, limit: PAGE } } }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ data, has_more: hasMore }) => {
      const last = data.at(-1);
      return hasMore && last !== undefined ? placeOf(last) : undefined;
    },
  });

export const erasingKey = (telegramId: number) => [...KEY, 'erase', telegramId];

/** False while the buyer is being erased: the event may come before the response, and there is nothing left to ask for. */
const remains = (telegramId: number) => () => queryClient.isMutating({ mutationKey: erasingKey(telegramId) }) === 0;

export const buyerQuery = (telegramId: number) =>
  queryOptions({
    queryKey: [...KEY, telegramId],
    queryFn: () =>
      answered(api.GET('/v1/buyers/{telegram_id}/state', { params: { path: { telegram_id: String(telegramId) } } })),
    enabled: remains(telegramId),
  });

export const grantCredits = (telegramId: number, unit: string, body: Schema<'GrantCredits'>) =>
  answered(
    api.POST('/v1/buyers/{telegram_id}/credits/{unit}/grants', {
      body,
      params: { path: { telegram_id: String(telegramId), unit }, header: newKey() },
    }),
  );

export const creditEntriesQuery = (telegramId: number, unit: string) =>
  infiniteQueryOptions({
    queryKey: [...KEY, telegramId, 'credits', unit],
    queryFn: ({ pageParam }) => {
      const path = { telegram_id: String(telegramId), unit };
      const query = { limit: PAGE, ...(pageParam === undefined ? {} : { starting_after: pageParam }) };
      return answered(api.GET('/v1/buyers/{telegram_id}/credits/{unit}/entries', { params: { path, query } }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ data, has_more: hasMore }) => (hasMore ? data.at(-1)?.id : undefined),
    enabled: remains(telegramId),
  });

export const eraseBuyer = (telegramId: number) =>
  answered(
    api.POST('/v1/buyers/{telegram_id}/erase', {
      params: { path: { telegram_id: String(telegramId) }, header: newKey() },
    }),
  );

export const threadsOfBuyerQuery = (telegramId: number) =>
  queryOptions({
    queryKey: ['support', 'of', telegramId],
    queryFn: async () => {
      const query = { buyer_telegram_id: telegramId, limit: 10 };
      return (await answered(api.GET('/v1/support-threads', { params: { query } }))).data;
    },
  });

export const buyersChanged = () => queryClient.invalidateQueries({ queryKey: KEY });
