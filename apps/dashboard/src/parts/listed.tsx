import type { ReactNode } from 'react';
import { More } from './more';
import { ProblemPage } from './problem';
import { Skeleton } from './states';

interface ListQuery<Row> {
  readonly data: { readonly pages: readonly { readonly data: readonly Row[] }[] } | undefined;
  readonly error: unknown;
  readonly isPending: boolean;
  readonly refetch: () => Promise<unknown>;
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly fetchNextPage: () => Promise<unknown>;
}

interface ListedProps<Row> {
  readonly query: ListQuery<Row>;
  /** Shown instead of a list without rows. */
  readonly empty: ReactNode;
  readonly children: (rows: readonly Row[]) => ReactNode;
}

/** A list that is loaded page by page: its placeholder, its error, its empty state, and the button for more. */
export function Listed<Row>({ query, empty, children }: ListedProps<Row>) {
  const rows = query.data?.pages.flatMap(({ data }) => data);
  if (rows === undefined)
    return query.isPending ? <Skeleton /> : <ProblemPage error={query.error} retry={() => void query.refetch()} />;
  return (
    <>
      {rows.length === 0 ? empty : children(rows)}
      <More query={query} />
    </>
  );
}
