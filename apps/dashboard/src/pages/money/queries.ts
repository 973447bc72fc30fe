import { queryOptions } from '@tanstack/react-query';
import { answered } from '#libs/client';
import { api, every, newKey, queryClient } from '../../api/client';
import type { Period } from './periods';

const KEY = ['money'];
const RUNNING_LOOK = every(1_500);

export const statementQuery = (botId: string, period: Period) =>
  queryOptions({
    queryKey: [...KEY, botId, 'statement', period],
    queryFn: () =>
      answered(api.GET('/v1/bots/{id}/statement', { params: { path: { id: botId }, query: { ...period } } })),
  });

/** The statement line by line. */
export const statementFile = async (botId: string, period: Period) =>
  (await answered(
    api.GET('/v1/bots/{id}/statement.csv', {
      params: { path: { id: botId }, query: { ...period } },
      parseAs: 'blob',
    }),
  )) as unknown as Blob;

export const reconciliationsQuery = (botId: string) =>
  queryOptions({
    queryKey: [...KEY, botId, 'reconciliations'],
    queryFn: async () => {
      const params = { path: { bot: botId }, query: { limit: 10 } };
      return (await answered(api.GET('/v1/bots/{bot}/reconciliations', { params }))).data;
    },
    refetchInterval: ({ state }) => (state.data?.[0]?.state === 'running' ? RUNNING_LOOK : false),
  });

export const compareNow = (botId: string) =>
  answered(
    api.POST('/v1/bots/{bot}/reconciliations', { body: {}, params: { path: { bot: botId }, header: newKey() } }),
  );

/** Payments that belong to no order: they wait for the creator. */
export const heldQuery = (botId: string) =>
  queryOptions({
    queryKey: [...KEY, botId, 'held'],
    queryFn: async () => {
      const query = { bot_id: botId, state: 'paid', limit: 100 } as const;
      const kinds = await Promise.all(
        (['unmatched', 'mismatch'] as const).map((match) =>
          answered(api.GET('/v1/charges', { params: { query: { ...query, match } } })),
        ),
      );
      return kinds.flatMap(({ data }) => data);
    },
  });

/** Makes a paid order of a payment that has none. @param productId undefined: the product that the payment names */
export const deliverCharge = (id: string, productId: string | undefined) =>
  answered(
    api.POST('/v1/charges/{id}/deliver', {
      body: productId === undefined ? {} : { product_id: productId },
      params: { path: { id }, header: newKey() },
    }),
  );

export const refundCharge = (id: string, header: ReturnType<typeof newKey>) =>
  answered(api.POST('/v1/charges/{id}/refunds', { body: {}, params: { path: { id }, header } }));

/** The latest reports of payments that cannot be recorded. */
export const straysQuery = (botId: string) =>
  queryOptions({
    queryKey: [...KEY, botId, 'strays'],
    queryFn: async () =>
      (await answered(api.GET('/v1/stray-payments', { params: { query: { bot_id: botId, limit: 20 } } }))).data,
  });

/** The latest gifts and transfers. */
export const spendingsQuery = (botId: string) =>
  queryOptions({
    queryKey: [...KEY, botId, 'spendings'],
    queryFn: async () =>
      (await answered(api.GET('/v1/spendings', { params: { query: { bot_id: botId, limit: 20 } } }))).data,
  });

export const moneyChanged = () => queryClient.invalidateQueries({ queryKey: KEY });
