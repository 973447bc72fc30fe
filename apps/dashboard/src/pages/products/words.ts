import { queryOptions } from '@tanstack/react-query';
import { answered } from '#libs/client';
import { api, queryClient } from '../../api/client';
import type { Language } from '../../texts/language';

type Key = 'product.title' | 'product.description';

interface Place {
  readonly botId: string;
  readonly productId: string;
  readonly language: Language;
  readonly key: Key;
}

const keyOf = (botId: string) => ['bots', botId, 'texts'];

/** A bot's texts about one product in the creator's own words. */
export const wordsQuery = (botId: string, productId: string) =>
  queryOptions({
    queryKey: [...keyOf(botId), productId],
    queryFn: async () => {
      const params = { path: { id: botId }, query: { product_id: productId, limit: 100 } };
      return (await answered(api.GET('/v1/bots/{id}/texts', { params }))).data;
    },
  });

export const keepWords = ({ botId, productId, language, key }: Place, text: string) =>
  answered(
    api.PUT('/v1/bots/{id}/texts/{language}/{key}', {
      body: { text, product_id: productId },
      params: { path: { id: botId, language, key } },
    }),
  );

export const dropWords = ({ botId, productId, language, key }: Place) =>
  answered(
    api.DELETE('/v1/bots/{id}/texts/{language}/{key}', {
      params: { path: { id: botId, language, key }, query: { product_id: productId } },
    }),
  );

export const wordsChanged = (botId: string) => queryClient.invalidateQueries({ queryKey: keyOf(botId) });
