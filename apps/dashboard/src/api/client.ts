import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { starwall, StarwallProblem } from '#libs/client';
import { session } from './session';

/** Makes all calls of the dashboard. */
export const api = starwall({ url: location.origin, token: () => session.accessToken() });

const isRefused = (error: unknown) => error instanceof StarwallProblem && error.status < 500;
const isUnknown = (error: unknown) => error instanceof StarwallProblem && error.status === 401;

const doubt = (error: unknown) => {
  if (isUnknown(error)) void session.doubted();
};

const FRESH_FOR = 10_000;
const TRIES = 2;

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: doubt }),
  mutationCache: new MutationCache({ onError: doubt }),
  defaultOptions: {
    queries: { staleTime: FRESH_FOR, retry: (failures, error) => !isRefused(error) && failures < TRIES },
    mutations: { retry: false },
  },
});

/** For one click: repeating the request has no further effect. */
export const newKey = () => ({ 'Idempotency-Key': crypto.randomUUID() });
