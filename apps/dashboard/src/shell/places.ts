import { useCan } from '../api/rights';
import { PLACES, type Place } from './navigation';

/** Places that have something to show to this role. */
export function usePlaces(): readonly Place[] {
  const can = useCan();
  return PLACES.filter(({ scope }) => scope === undefined || can(scope));
}
