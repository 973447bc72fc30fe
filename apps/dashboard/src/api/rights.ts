import { useSuspenseQuery } from '@tanstack/react-query';
import type { Schema } from '#libs/client';
import { meQuery } from './everywhere';

export type Scope = Schema<'Me'>['scopes'][number];

/** Asks whether the API would let this session do something. A button that it would refuse is not shown. */
export function useCan(): (scope: Scope) => boolean {
  const { data: me } = useSuspenseQuery(meQuery);
  return (scope) => me.scopes.includes(scope);
}
