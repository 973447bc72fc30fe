import { useCan } from '../api/rights';
import { PLACES, type Place } from './navigation';

/** Places that this role can see. */
export function usePlaces(): readonly Place[] {
  const can = useCan();
  return PLACES.filter(({ scope }) => scope === undefined || can(scope));
}
