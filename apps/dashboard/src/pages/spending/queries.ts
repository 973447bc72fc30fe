import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { answered, type Schema } from '#libs/client';
import { api, newKey, queryClient } from '../../api/client';

const KEY = ['spending'];
const PAGE = 50;
const HARDLY_EVER = 5 * 60_000;

export type Key = ReturnType<typeof newKey>;

/** Telegram's gifts at their current prices. */
export const giftsQuery = (botId: string) =>
  queryOptions({
    queryKey: [...KEY, 'gifts', botId],
    queryFn: async () => (await answered(api.GET('/v1/bots/{id}/gifts', { params: { path: { id: botId } } }))).data,
    staleTime: HARDLY_EVER,
  });

export const accountsQuery = (botId: string) =>
  queryOptions({
    queryKey: [...KEY, 'accounts', 'of', botId],
    queryFn: async () =>
      (await answered(api.GET('/v1/business-connections', { params: { query: { bot_id: botId, limit: 100 } } }))).data,
  });

export const accountQuery = (id: string) =>
  queryOptions({
    queryKey: [...KEY, 'accounts', id],
    queryFn: () => answered(api.GET('/v1/business-connections/{id}', { params: { path: { id } } })),
  });

export const balanceQuery = (id: string) =>
  queryOptions({
    queryKey: [...KEY, 'accounts', id, 'balance'],
    queryFn: () => answered(api.GET('/v1/business-connections/{id}/star-balance', { params: { path: { id } } })),
  });

export const ownedGiftsQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: [...KEY, 'accounts', id, 'gifts'],
    queryFn: ({ pageParam }) => {
      const query = { limit: PAGE, ...(pageParam === undefined ? {} : { offset: pageParam }) };
      return answered(api.GET('/v1/business-connections/{id}/gifts', { params: { path: { id }, query } }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next_offset: next }) => next ?? undefined,
  });

// Each spends at most the amount that was shown, and only once per key.

export const sendGift = (botId: string, body: Omit<Schema<'SendGift'>, 'confirm'>, header: Key) =>
  answered(
    api.POST('/v1/bots/{id}/gifts', { body: { ...body, confirm: true }, params: { path: { id: botId }, header } }),
  );

export const givePremium = (botId: string, body: Omit<Schema<'GiftPremium'>, 'confirm'>, header: Key) =>
  answered(
    api.POST('/v1/bots/{id}/premium-gifts', {
      body: { ...body, confirm: true },
      params: { path: { id: botId }, header },
    }),
  );

export const moveStars = (id: string, stars: number, header: Key) =>
  answered(
    api.POST('/v1/business-connections/{id}/star-transfers', {
      body: { stars, max_stars: stars, confirm: true },
      params: { path: { id }, header },
    }),
  );

export const convertGift = (id: string, gift: string, stars: number, header: Key) =>
  answered(
    api.POST('/v1/business-connections/{id}/gift-conversions', {
      body: { owned_gift_id: gift, min_stars: stars, confirm: true },
      params: { path: { id }, header },
    }),
  );

export const upgradeGift = (id: string, gift: string, stars: number, header: Key) =>
  answered(
    api.POST('/v1/business-connections/{id}/gift-upgrades', {
      body: { owned_gift_id: gift, max_stars: stars, keep_original_details: true, confirm: true },
      params: { path: { id }, header },
    }),
  );

export const transferGift = (id: string, gift: string, to: number, stars: number, header: Key) =>
  answered(
    api.POST('/v1/business-connections/{id}/gift-transfers', {
      body: { owned_gift_id: gift, to_telegram_id: to, max_stars: stars, confirm: true },
      params: { path: { id }, header },
    }),
  );

/** Stars were spent, or may have been: the answer was lost. */
export const spent = () =>
  Promise.all([
    queryClient.invalidateQueries({ queryKey: KEY }),
    queryClient.invalidateQueries({ queryKey: ['money'] }),
  ]);
