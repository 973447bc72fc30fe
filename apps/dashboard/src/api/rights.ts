import { useSuspenseQuery } from '@tanstack/react-query';
import type { Schema } from '#libs/client';
import { meQuery } from './everywhere';

export type Scope = Schema<'Me'>['scopes'][number];

/** Returns a function that tells if this session has a scope. Buttons that the API would refuse are hidden. */
export function useCan(): (scope: Scope) => boolean {
  const { data: me } = useSuspenseQuery(meQuery);
  return (scope) => me.scopes.includes(scope);
}
