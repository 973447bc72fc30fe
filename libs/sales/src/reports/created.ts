import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { DAY, newUuid } from '#libs/kernel';

export interface CreatedFilter {
  /** From this time on. */
  readonly createdFrom?: Date | undefined;
  /** Before this time. */
  readonly createdTo?: Date | undefined;
}

// Ids sort by time up to the clocks' differences: they narrow a search, and the time itself decides.
const firstIdOf = (from: Date) => newUuid(from.getTime() - DAY);
const lastIdOf = (to: Date) => newUuid(to.getTime() + DAY);

/** The ids between which whatever was made in a period is to be found. */
export const idsOf = (from: Date, to: Date) => ({ first: firstIdOf(from), last: lastIdOf(to) });

/** Narrows a query to what was made in a period. @param alias as the query calls the table, whose ids tell the time */
export function createdIn<Row extends ObjectLiteral>(
  query: SelectQueryBuilder<Row>,
  alias: string,
  { createdFrom, createdTo }: CreatedFilter,
): void {
  if (createdFrom !== undefined) {
    const firstId = firstIdOf(createdFrom);
    query.andWhere(`${alias}.id >= :firstId and ${alias}.createdAt >= :createdFrom`, { firstId, createdFrom });
  }
  if (createdTo !== undefined) {
    const lastId = lastIdOf(createdTo);
    query.andWhere(`${alias}.id <= :lastId and ${alias}.createdAt < :createdTo`, { lastId, createdTo });
  }
}
