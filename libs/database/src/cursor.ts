import { type FindOperator, LessThan, MoreThan, type ObjectLiteral, type SelectQueryBuilder } from 'typeorm';

/** The start of a page in a list sorted newest first by id: after one row, before one, or at the top. */
export interface Cursor {
  /** Only rows older than this one. */
  readonly after?: string | undefined;
  /** Only rows newer than this one, nearest first: the caller reverses them. Excludes `after`. */
  readonly before?: string | undefined;
}

/** Converts a cursor to options for `find`. */
export function seekOptions({ after, before }: Cursor): {
  readonly where: { readonly id?: FindOperator<string> };
  readonly order: { readonly id: 'ASC' | 'DESC' };
} {
  if (before !== undefined) return { where: { id: MoreThan(before) }, order: { id: 'ASC' } };
  return { where: after === undefined ? {} : { id: LessThan(after) }, order: { id: 'DESC' } };
}

/** Adds a cursor to a query builder. @param id the column in the query: `o.id` */
export function seek<Row extends ObjectLiteral>(
  query: SelectQueryBuilder<Row>,
  id: string,
  { after, before }: Cursor,
): SelectQueryBuilder<Row> {
  if (before !== undefined) return query.andWhere(`${id} > :before`, { before }).orderBy(id, 'ASC');
  if (after !== undefined) query.andWhere(`${id} < :after`, { after });
  return query.orderBy(id, 'DESC');
}
