import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { answered, type Schema } from '#libs/client';
import { api, every, newKey, queryClient } from '../../api/client';
import { asForm } from '../../api/files';

const KEY = ['bots', 'imports'];
const PAGE = 50;
const LOOK_AGAIN = every(2_000);

type Import = Schema<'BotImport'>;

const isRunning = (one: Import | undefined) => one?.state === 'running';

export const importsQuery = infiniteQueryOptions({
  queryKey: [...KEY, 'list'],
  queryFn: ({ pageParam }) => {
    const query = { limit: PAGE, ...(pageParam === undefined ? {} : { starting_after: pageParam }) };
    return answered(api.GET('/v1/bot-imports', { params: { query } }));
  },
  initialPageParam: undefined as string | undefined,
  getNextPageParam: ({ data, has_more: hasMore }) => (hasMore ? data.at(-1)?.id : undefined),
  refetchInterval: ({ state }) => (isRunning(state.data?.pages[0]?.data[0]) ? LOOK_AGAIN : false),
});

export const importQuery = (id: string) =>
  queryOptions({
    queryKey: [...KEY, id],
    queryFn: () => answered(api.GET('/v1/bot-imports/{id}', { params: { path: { id } } })),
    refetchInterval: ({ state }) => (isRunning(state.data) ? LOOK_AGAIN : false),
  });

/**
 * Lines of one state, in the order of the file. @param count the number in that state: a change of it requests the
 * lines again
 */
export const linesQuery = (id: string, state: Schema<'BotImportLine'>['state'], count: number) =>
  infiniteQueryOptions({
    queryKey: [...KEY, id, 'lines', state, count],
    queryFn: ({ pageParam }) => {
      const query = { state, limit: PAGE, ...(pageParam === undefined ? {} : { starting_after: pageParam }) };
      return answered(api.GET('/v1/bot-imports/{id}/lines', { params: { path: { id }, query } }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ data, has_more: hasMore }) => (hasMore ? data.at(-1)?.id : undefined),
    placeholderData: (before) => before,
  });

interface Wanted {
  readonly file: File;
  readonly isTest: boolean;
  readonly takeOver: boolean;
}

export const importBots = ({ file, isTest, takeOver }: Wanted) =>
  answered(
    api.POST('/v1/bot-imports', {
      ...asForm(file),
      params: {
        query: { environment: isTest ? 'test' : 'production', take_over: takeOver ? 'true' : 'false' },
        header: newKey(),
      },
    }),
  );

export const cancelImport = (id: string) =>
  answered(api.POST('/v1/bot-imports/{id}/cancel', { params: { path: { id }, header: newKey() } }));

export const importsChanged = () => queryClient.invalidateQueries({ queryKey: KEY });
