import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { answered, type Schema } from '#libs/client';
import { api, newKey, queryClient } from '../../api/client';
import { asForm } from '../../api/files';

const KEY = ['support'];
const PAGE = 50;

export type Thread = Schema<'ExpandedSupportThread'>;
export type ThreadState = Thread['state'];

/** @param state undefined: threads in any state */
export const threadsQuery = (state: ThreadState | undefined) =>
  infiniteQueryOptions({
    queryKey: [...KEY, 'list', state ?? 'all'],
    queryFn: ({ pageParam }) => {
      const query = {
        limit: PAGE,
        expand: 'buyer,last_message',
        ...(state === undefined ? {} : { state }),
        ...(pageParam === undefined ? {} : { starting_after: pageParam }),
      };
      return answered(api.GET('/v1/support-threads', { params: { query } }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ data, has_more: hasMore }) => (hasMore ? data.at(-1)?.id : undefined),
  });

export const conversationQuery = (id: string) =>
  queryOptions({
    queryKey: [...KEY, id],
    queryFn: () => answered(api.GET('/v1/support-threads/{id}', { params: { path: { id } } })),
  });

/** A file from a buyer, fetched from Telegram. */
export const sentFileQuery = (threadId: string, messageId: string) =>
  queryOptions({
    queryKey: [...KEY, threadId, messageId, 'file'],
    queryFn: async () =>
      (await answered(
        api.GET('/v1/support-threads/{id}/messages/{message_id}/file', {
          params: { path: { id: threadId, message_id: messageId } },
          parseAs: 'blob',
        }),
      )) as unknown as Blob,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });

/** @param key of this answer: a repeated request sends it only once */
export const answerThread = (id: string, text: string, key: ReturnType<typeof newKey>) =>
  answered(api.POST('/v1/support-threads/{id}/messages', { body: { text }, params: { path: { id }, header: key } }));

/** Sends a picture or a file, with a text below. @param key of this answer: a repeated request sends it only once */
export const answerWithFile = (id: string, file: File, text: string, key: ReturnType<typeof newKey>) =>
  answered(
    api.POST('/v1/support-threads/{id}/messages/file', {
      ...asForm(file, text),
      params: { path: { id }, header: key },
    }),
  );

export const closeThread = (id: string) =>
  answered(api.POST('/v1/support-threads/{id}/close', { params: { path: { id }, header: newKey() } }));

export const supportChanged = () => queryClient.invalidateQueries({ queryKey: KEY });
