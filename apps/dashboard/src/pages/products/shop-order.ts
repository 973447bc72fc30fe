import { infiniteQueryOptions, useMutation } from '@tanstack/react-query';
import { answered, type Schema } from '#libs/client';
import { api, newKey, queryClient } from '../../api/client';
import { moved, paged } from './moves';

const PAGE = 100;

/** A bot's products on sale, in the order of its shop. */
export const shopQuery = (botId: string) =>
  infiniteQueryOptions({
    queryKey: ['products', 'shop', botId],
    queryFn: ({ pageParam }) => {
      const query = { limit: PAGE, ...(pageParam === undefined ? {} : { starting_after: pageParam }) };
      return answered(api.GET('/v1/bots/{id}/products', { params: { path: { id: botId }, query } }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ data, has_more: hasMore }) => (hasMore ? data.at(-1)?.id : undefined),
  });

interface Move {
  readonly id: string;
  readonly from: number;
  readonly to: number;
  /** The product before the new position. */
  readonly after: string | null;
}

const place = ({ id, after }: Move) =>
  answered(api.POST('/v1/products/{id}/place', { body: { after }, params: { path: { id }, header: newKey() } }));

/** Moves a product of a shop: on the page at once, then through the API, one move after another. */
export function usePlacing(botId: string) {
  const { queryKey } = shopQuery(botId);
  const moving = useMutation({
    mutationKey: queryKey,
    scope: { id: queryKey.join() },
    mutationFn: place,
    // After a failed move, and after the last of several, the API's order is shown.
    onError: () => queryClient.invalidateQueries({ queryKey }),
    onSettled: async () => {
      if (queryClient.isMutating({ mutationKey: queryKey }) === 1) await queryClient.invalidateQueries({ queryKey });
    },
  });
  const move = (rows: readonly Schema<'Product'>[], from: number, to: number) => {
    const id = rows[from]?.id;
    if (id === undefined) return;
    const order = moved(rows, from, to);
    void queryClient.cancelQueries({ queryKey });
    queryClient.setQueryData(queryKey, (shown) => shown && { ...shown, pages: paged(shown.pages, order) });
    moving.mutate({ id, from, to, after: order[to - 1]?.id ?? null });
  };
  return { move, error: moving.error };
}
