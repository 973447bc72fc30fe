import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { starwall, StarwallProblem } from '#libs/client';
import type { BrowserSession } from './browser-session';
import { session, visit } from './session';

/** Makes all calls of the dashboard. */
export const api = starwall({ url: location.origin, token: () => session.accessToken() });

const isRefused = (error: unknown) => error instanceof StarwallProblem && error.status < 500;
const isUnknown = (error: unknown) => error instanceof StarwallProblem && error.status === 401;

const FRESH_FOR = 10_000;
const TRIES = 2;

/**
 * Creates the query cache of a session, which is checked when the API refuses its token. The cache is cleared before
 * another account signs in on this page.
 */
export function answersTo(whose: Pick<BrowserSession, 'doubted' | 'beforeEntry'>): QueryClient {
  const onError = (error: unknown) => {
    if (isUnknown(error)) void whose.doubted();
  };
  const client = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: { staleTime: FRESH_FOR, retry: (failures, error) => !isRefused(error) && failures < TRIES },
      mutations: { retry: false },
    },
  });
  whose.beforeEntry(() => client.getQueryCache().clear());
  return client;
}

export const queryClient = answersTo(session);
// Each request of a visit is logged in the workspace's audit log, so only opened pages send any.
if (visit !== undefined)
  queryClient.setDefaultOptions({
    queries: { staleTime: Number.POSITIVE_INFINITY, refetchOnWindowFocus: false, refetchOnReconnect: false },
  });

/** Milliseconds between two polls for data without events. A visit never polls. */
export const every = (ms: number): number | false => visit === undefined && ms;

/** Creates an idempotency key for one click: repeating the request has no further effect. */
export const newKey = () => ({ 'Idempotency-Key': crypto.randomUUID() });
