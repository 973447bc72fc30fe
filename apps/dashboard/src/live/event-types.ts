import { EVENT_TYPES, type EventType } from '#libs/client';
import type { Family } from './changes';

export const familyOf = (type: EventType) => type.split('.')[0] as Family;

/** In the order of the API's list of types. */
export const FAMILIES: readonly Family[] = [...new Set(EVENT_TYPES.map(familyOf))];

const typesIn = (family: Family): readonly EventType[] => EVENT_TYPES.filter((type) => familyOf(type) === family);

/** The families of which an endpoint receives every type. */
export const wholeFamilies = (types: readonly EventType[]): readonly Family[] =>
  FAMILIES.filter((family) => typesIn(family).every((type) => types.includes(type)));

/**
 * The types of the chosen families. Keeps single types of other families, which a program chose.
 * @param before the types chosen so far
 */
export function typesOf(chosen: readonly Family[], before: readonly EventType[]): EventType[] {
  const was = wholeFamilies(before);
  const single = FAMILIES.filter((family) => !was.includes(family)).flatMap(typesIn);
  const kept = before.filter((type) => single.includes(type));
  return [...new Set([...chosen.flatMap(typesIn), ...kept])];
}
