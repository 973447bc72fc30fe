import { useTexts } from '../texts';
import { COMMON_TEXTS } from '../texts/common';
import { Button } from './button';

interface MoreProps {
  readonly query: {
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    readonly fetchNextPage: () => Promise<unknown>;
  };
}

/** The button for the next page of a list, if there is one. */
export function More({ query }: MoreProps) {
  const { loadMore } = useTexts(COMMON_TEXTS);
  if (!query.hasNextPage) return null;
  return (
    <div className="grid place-items-center py-6">
      <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
        {loadMore}
      </Button>
    </div>
  );
}
