import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { answered, type Schema } from '#libs/client';
import { api, newKey, queryClient } from '../../api/client';

const KEY = ['chats'];
const PAGE = 50;
const MOST = 100;

export const chatsQuery = infiniteQueryOptions({
  queryKey: [...KEY, 'list'],
  queryFn: ({ pageParam }) => {
    const query = { limit: PAGE, ...(pageParam === undefined ? {} : { starting_after: pageParam }) };
    return answered(api.GET('/v1/chats', { params: { query } }));
  },
  initialPageParam: undefined as string | undefined,
  getNextPageParam: ({ data, has_more: hasMore }) => (hasMore ? data.at(-1)?.id : undefined),
});

export const chatQuery = (id: string) =>
  queryOptions({
    queryKey: [...KEY, id],
    queryFn: () => answered(api.GET('/v1/chats/{id}', { params: { path: { id } } })),
  });

export const membersQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: [...KEY, id, 'members'],
    queryFn: ({ pageParam }) => {
      const query = { limit: PAGE, ...(pageParam === undefined ? {} : { starting_after: pageParam }) };
      return answered(api.GET('/v1/chats/{id}/members', { params: { path: { id }, query } }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ data, has_more: hasMore }) => (hasMore ? data.at(-1)?.id : undefined),
  });

export const paidLinksQuery = (id: string) =>
  queryOptions({
    queryKey: [...KEY, id, 'paid-links'],
    queryFn: async () =>
      (await answered(api.GET('/v1/chats/{id}/paid-links', { params: { path: { id }, query: { limit: MOST } } }))).data,
  });

/** Asks Telegram for the bot's rights now. */
export const checkChat = (id: string) => answered(api.POST('/v1/chats/{id}/check', { params: { path: { id } } }));

export const changeChat = (id: string, body: Schema<'UpdateChat'>) =>
  answered(api.PATCH('/v1/chats/{id}', { body, params: { path: { id }, header: newKey() } }));

export const createPaidLink = (id: string, body: Schema<'CreatePaidLink'>) =>
  answered(api.POST('/v1/chats/{id}/paid-links', { body, params: { path: { id }, header: newKey() } }));

export const revokePaidLink = (id: string, linkId: string) =>
  answered(
    api.POST('/v1/chats/{id}/paid-links/{link_id}/revoke', {
      params: { path: { id, link_id: linkId }, header: newKey() },
    }),
  );

export const chatsChanged = () => queryClient.invalidateQueries({ queryKey: KEY });
