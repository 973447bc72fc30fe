import { type FindOperator, LessThan, MoreThan, type ObjectLiteral, type SelectQueryBuilder } from 'typeorm';

/** Where a page of a list begins that is sorted newest first by id: right after one row, right before one, or at the top. */
export interface Cursor {
  /** Only rows older than this one. */
  readonly after?: string | undefined;
  /** Only rows newer than this one, the nearest first: whoever shows them turns them round. Not together with `after`. */
  readonly before?: string | undefined;
}

/** For `find`. */
export function seekOptions({ after, before }: Cursor): {
  readonly where: { readonly id?: FindOperator<string> };
  readonly order: { readonly id: 'ASC' | 'DESC' };
} {
  if (before !== undefined) return { where: { id: MoreThan(before) }, order: { id: 'ASC' } };
  return { where: after === undefined ? {} : { id: LessThan(after) }, order: { id: 'DESC' } };
}

/** For a query builder. @param id the column, as the query calls it: `o.id` */
export function seek<Row extends ObjectLiteral>(
  query: SelectQueryBuilder<Row>,
  id: string,
  { after, before }: Cursor,
): SelectQueryBuilder<Row> {
  if (before !== undefined) return query.andWhere(`${id} > :before`, { before }).orderBy(id, 'ASC');
  if (after !== undefined) query.andWhere(`${id} < :after`, { after });
  return query.orderBy(id, 'DESC');
}
