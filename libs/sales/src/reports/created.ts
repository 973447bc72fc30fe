import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { idsMadeIn } from '#libs/kernel';

export interface CreatedFilter {
  /** Inclusive. */
  readonly createdFrom?: Date | undefined;
  /** Exclusive. */
  readonly createdTo?: Date | undefined;
}

/** Filters a query by the time of creation. @param alias of the table in the query, whose ids contain the time */
export function createdIn<Row extends ObjectLiteral>(
  query: SelectQueryBuilder<Row>,
  alias: string,
  { createdFrom, createdTo }: CreatedFilter,
): void {
  const { first: firstId, last: lastId } = idsMadeIn(createdFrom, createdTo);
  if (createdFrom !== undefined) {
    query.andWhere(`${alias}.id >= :firstId and ${alias}.createdAt >= :createdFrom`, { firstId, createdFrom });
  }
  if (createdTo !== undefined) {
    query.andWhere(`${alias}.id <= :lastId and ${alias}.createdAt < :createdTo`, { lastId, createdTo });
  }
}
