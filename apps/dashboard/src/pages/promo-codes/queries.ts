import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { answered, type Schema } from '#libs/client';
import { api, newKey, queryClient } from '../../api/client';

const KEY = ['promo-codes'];
const PAGE = 50;

export const codesQuery = infiniteQueryOptions({
  queryKey: [...KEY, 'list'],
  queryFn: ({ pageParam }) => {
    const query = { limit: PAGE, ...(pageParam === undefined ? {} : { starting_after: pageParam }) };
    return answered(api.GET('/v1/promo-codes', { params: { query } }));
  },
  initialPageParam: undefined as string | undefined,
  getNextPageParam: ({ data, has_more: hasMore }) => (hasMore ? data.at(-1)?.id : undefined),
});

export const codeQuery = (id: string) =>
  queryOptions({
    queryKey: [...KEY, id],
    queryFn: () => answered(api.GET('/v1/promo-codes/{id}', { params: { path: { id } } })),
  });

/** The products to which a code can be limited. */
export const productsOfBotQuery = (botId: string) =>
  queryOptions({
    queryKey: ['products', 'of', botId],
    queryFn: async () => {
      const query = { bot_id: botId, limit: 100 };
      return (await answered(api.GET('/v1/products', { params: { query } }))).data;
    },
    enabled: botId !== '',
  });

export const createCode = (body: Schema<'CreatePromoCode'>) =>
  answered(api.POST('/v1/promo-codes', { body, params: { header: newKey() } }));

export const changeCode = (id: string, body: Schema<'UpdatePromoCode'>) =>
  answered(api.PATCH('/v1/promo-codes/{id}', { body, params: { path: { id }, header: newKey() } }));

export const setCodeValid = (id: string, valid: boolean) => {
  const params = { path: { id }, header: newKey() };
  return answered(
    valid
      ? api.POST('/v1/promo-codes/{id}/activate', { params })
      : api.POST('/v1/promo-codes/{id}/archive', { params }),
  );
};

export const codesChanged = () => queryClient.invalidateQueries({ queryKey: KEY });
