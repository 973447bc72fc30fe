import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { answered, type Schema } from '#libs/client';
import { asForm } from '../../api/files';
import { api, newKey, queryClient } from '../../api/client';

const KEY = ['products'];
const PAGE = 50;
const MOST = 100;

export const productsQuery = infiniteQueryOptions({
  queryKey: [...KEY, 'list'],
  queryFn: ({ pageParam }) =>
    answered(
      api.GET('/v1/products', {
        params: { query: { limit: PAGE, ...(pageParam === undefined ? {} : { starting_after: pageParam }) } },
      }),
    ),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: ({ data, has_more: hasMore }) => (hasMore ? data.at(-1)?.id : undefined),
});

export const productQuery = (id: string) =>
  queryOptions({
    queryKey: [...KEY, id],
    queryFn: () => answered(api.GET('/v1/products/{id}', { params: { path: { id } } })),
  });

/** @param source a name for the place where the link is published; '' for none */
export const linksQuery = (id: string, source = '') =>
  queryOptions({
    queryKey: [...KEY, id, 'links', source],
    queryFn: () => answered(api.GET('/v1/products/{id}/links', { params: { path: { id }, query: sourceOf(source) } })),
    retry: false,
  });

const sourceOf = (source: string) => (source === '' ? {} : { source });

export const qrQuery = (id: string, source: string) =>
  queryOptions({
    queryKey: [...KEY, id, 'qr', source],
    queryFn: async () =>
      (await answered(
        api.GET('/v1/products/{id}/qr', {
          params: { path: { id }, query: { ...sourceOf(source), format: 'png' } },
          parseAs: 'blob',
        }),
      )) as unknown as Blob,
    staleTime: Number.POSITIVE_INFINITY,
  });

export const pricesQuery = (id: string) =>
  queryOptions({
    queryKey: [...KEY, id, 'prices'],
    queryFn: async () =>
      (await answered(api.GET('/v1/products/{id}/prices', { params: { path: { id }, query: { limit: 10 } } }))).data,
  });

/** Counts what archiving a product affects, up to a hundred of each. */
export const dependentsQuery = (id: string) =>
  queryOptions({
    queryKey: [...KEY, id, 'dependents'],
    queryFn: async () => {
      const query = { product_id: id, limit: MOST };
      const [placed, approved, subscribers] = await Promise.all([
        answered(api.GET('/v1/orders', { params: { query: { ...query, payment_state: 'placed' } } })),
        answered(api.GET('/v1/orders', { params: { query: { ...query, payment_state: 'approved' } } })),
        answered(api.GET('/v1/subscriptions', { params: { query: { ...query, state: 'active' } } })),
      ]);
      return { unpaid: placed.data.length + approved.data.length, subscribers: subscribers.data.length };
    },
  });

const DAY = 86_400_000;
const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10);

/** Sources of the buyers of the last 30 UTC days, today included. */
export const funnelQuery = (id: string) =>
  queryOptions({
    queryKey: [...KEY, id, 'funnel'],
    queryFn: async () => {
      const query = { product_id: id, from: dayOf(Date.now() - 29 * DAY), to: dayOf(Date.now() + DAY), limit: MOST };
      return (await answered(api.GET('/v1/metrics/funnel', { params: { query } }))).data;
    },
  });

export const createInvoiceLink = (id: string, body: Schema<'CreateInvoiceLink'>) =>
  answered(api.POST('/v1/products/{id}/invoice-links', { body, params: { path: { id }, header: newKey() } }));

export const chatsOfBotQuery = (botId: string) =>
  queryOptions({
    queryKey: ['chats', 'of', botId],
    queryFn: async () =>
      (await answered(api.GET('/v1/chats', { params: { query: { bot_id: botId, limit: MOST } } }))).data,
    enabled: botId !== '',
  });

export const keysQuery = (id: string) =>
  queryOptions({
    queryKey: [...KEY, id, 'keys'],
    queryFn: () => answered(api.GET('/v1/products/{id}/keys', { params: { path: { id }, query: { limit: 20 } } })),
  });

export const addKeys = (id: string, keys: readonly string[]) =>
  answered(
    api.POST('/v1/products/{id}/keys', { body: { keys: [...keys] }, params: { path: { id }, header: newKey() } }),
  );

export const addKeyFile = (id: string, file: File) =>
  answered(api.POST('/v1/products/{id}/keys/file', { ...asForm(file), params: { path: { id } } }));

export const removeKey = (id: string, keyId: string) =>
  answered(api.DELETE('/v1/products/{id}/keys/{key_id}', { params: { path: { id, key_id: keyId } } }));

export const createProduct = (body: Schema<'CreateProduct'>) =>
  answered(api.POST('/v1/products', { body, params: { header: newKey() } }));

export const updateProduct = (id: string, body: Schema<'UpdateProduct'>) =>
  answered(api.PATCH('/v1/products/{id}', { body, params: { path: { id }, header: newKey() } }));

export function setOnSale(id: string, onSale: boolean) {
  const params = { path: { id }, header: newKey() };
  return onSale
    ? answered(api.POST('/v1/products/{id}/activate', { params }))
    : answered(api.POST('/v1/products/{id}/archive', { params }));
}

export const postsQuery = (id: string) =>
  queryOptions({
    queryKey: [...KEY, id, 'posts'],
    queryFn: async () =>
      (await answered(api.GET('/v1/products/{id}/posts', { params: { path: { id }, query: { limit: 5 } } }))).data,
  });

export const postProduct = (id: string, body: Schema<'CreateProductPost'>, key: ReturnType<typeof newKey>) =>
  answered(api.POST('/v1/products/{id}/posts', { body, params: { path: { id }, header: key } }));

export const rotateSecret = (id: string) =>
  answered(api.POST('/v1/products/{id}/rotate-fulfilment-secret', { params: { path: { id } } }));

export const productsChanged = () => queryClient.invalidateQueries({ queryKey: KEY });
