import { queryOptions } from '@tanstack/react-query';
import { answered, type Schema } from '#libs/client';
import { api, queryClient } from '../../api/client';
import type { Language } from '../../texts/language';

interface Place {
  readonly botId: string;
  /** For one product only; without it, for the whole bot. */
  readonly productId?: string;
  readonly language: Language;
  readonly key: string;
}

const MOST = 100;
const keyOf = (botId: string) => ['bots', botId, 'texts'];

/** The texts that bots use unless their creator has changed them. */
export const usualWordsQuery = queryOptions({
  queryKey: ['texts'],
  queryFn: async () => (await answered(api.GET('/v1/texts'))).data,
  staleTime: Number.POSITIVE_INFINITY,
});

/** All texts of a bot that the creator has reworded. */
export const wordsOfBotQuery = (botId: string) =>
  queryOptions({
    queryKey: [...keyOf(botId), 'all'],
    queryFn: async () => {
      const all: Schema<'BotText'>[] = [];
      for (;;) {
        const last = all.at(-1);
        const query = { limit: MOST, ...(last === undefined ? {} : { starting_after: last.id }) };
        const answer = await answered(api.GET('/v1/bots/{id}/texts', { params: { path: { id: botId }, query } }));
        all.push(...answer.data);
        if (!answer.has_more) return all;
      }
    },
  });

/** A bot's texts about one product in the creator's own words. */
export const wordsQuery = (botId: string, productId: string) =>
  queryOptions({
    queryKey: [...keyOf(botId), productId],
    queryFn: async () => {
      const params = { path: { id: botId }, query: { product_id: productId, limit: MOST } };
      return (await answered(api.GET('/v1/bots/{id}/texts', { params }))).data;
    },
  });

const productIn = (id: string | undefined) => (id === undefined ? {} : { product_id: id });

export const keepWords = ({ botId, productId, language, key }: Place, text: string) =>
  answered(
    api.PUT('/v1/bots/{id}/texts/{language}/{key}', {
      body: { text, ...productIn(productId) },
      params: { path: { id: botId, language, key } },
    }),
  );

export const dropWords = ({ botId, productId, language, key }: Place) =>
  answered(
    api.DELETE('/v1/bots/{id}/texts/{language}/{key}', {
      params: { path: { id: botId, language, key }, query: productIn(productId) },
    }),
  );

export const wordsChanged = (botId: string) => queryClient.invalidateQueries({ queryKey: keyOf(botId) });
