import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { idsMadeIn } from '#libs/kernel';

export interface CreatedFilter {
  /** From this time on. */
  readonly createdFrom?: Date | undefined;
  /** Before this time. */
  readonly createdTo?: Date | undefined;
}

/** Narrows a query to what was made in a period. @param alias as the query calls the table, whose ids tell the time */
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
