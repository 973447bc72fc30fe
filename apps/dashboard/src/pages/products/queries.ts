import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { answered, type Schema } from '#libs/client';
import { api, newKey, queryClient } from '../../api/client';

const KEY = ['products'];
const PAGE = 50;

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

export const linksQuery = (id: string) =>
  queryOptions({
    queryKey: [...KEY, id, 'links'],
    queryFn: () => answered(api.GET('/v1/products/{id}/links', { params: { path: { id } } })),
  });

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

export const productsChanged = () => queryClient.invalidateQueries({ queryKey: KEY });
