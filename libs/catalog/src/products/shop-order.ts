import { DomainError } from '#libs/kernel';
import { MAX_POSITION } from './product.js';

/** Distance between two products when all are renumbered, so that later moves write only one row. */
const SPACING = 1_024;

/** One of the two products is not on sale, or they are of different bots. */
export class NotInShop extends DomainError {
  static readonly code = 'not_in_shop';
  static readonly refusal = 'conflict';
  readonly remedy = 'Put both products on sale first; they have to be different products of the same bot.';

  constructor() {
    super("Only products on sale have a place in their bot's shop.");
  }
}

/** A product's place: by position, then by id. */
export interface Place {
  readonly id: string;
  readonly position: number;
}

/**
 * Returns a position at which the product `id` comes between two others.
 * @param before undefined: it comes first; @param after undefined: it comes last
 * @returns undefined if there is none, so that all have to be renumbered
 */
export function positionBetween(id: string, before: Place | undefined, after: Place | undefined): number | undefined {
  if (before === undefined && after === undefined) return 0;
  if (before === undefined) return first(id, after as Place);
  if (id > before.id && (after === undefined || precedes({ id, position: before.position }, after)))
    return before.position;
  // The end of the shop keeps its position, so that new products, which have position 0, come after it.
  if (after === undefined) return undefined;
  const middle = Math.floor((before.position + after.position) / 2);
  if (middle > before.position) return middle;
  return after.position > before.position && id < after.id ? after.position : undefined;
}

function first(id: string, after: Place): number | undefined {
  if (id < after.id) return after.position;
  const position = after.position - SPACING;
  return position >= -MAX_POSITION ? position : undefined;
}

const precedes = (a: Place, b: Place) => a.position < b.position || (a.position === b.position && a.id < b.id);

/** True if a product is already between the two others. */
export const isBetween = (place: Place, before: Place | undefined, after: Place | undefined): boolean =>
  (before === undefined || precedes(before, place)) && (after === undefined || precedes(place, after));

/** Returns the distance between the positions of `count` renumbered products: the last has 0, the others are below. */
export const spacingOf = (count: number): number =>
  Math.max(1, Math.min(SPACING, Math.floor(MAX_POSITION / Math.max(1, count))));
