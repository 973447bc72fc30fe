import { keepPreviousData, useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { saveAs } from '../../api/files';
import { Button, LinkButton } from '../../parts/button';
import { LiveMark } from '../../parts/live-mark';
import { Listed } from '../../parts/listed';
import { Page } from '../../parts/page';
import { ProblemNote } from '../../parts/problem';
import { Empty } from '../../parts/states';
import { toast } from '../../parts/toast';
import { useTexts } from '../../texts';
import { ORDERS_TEXTS } from '../../texts/orders';
import { FilterBar } from './filter-bar';
import { OrdersTable } from './orders-table';
import { orderFile, ordersQuery } from './queries';
import { Views } from './views';

export function OrdersPage() {
  const texts = useTexts(ORDERS_TEXTS);
  const filters = useSearch({ from: '/shell/orders' });
  const query = useInfiniteQuery({ ...ordersQuery(filters), placeholderData: keepPreviousData });
  const [openedAt] = useState(() => new Date().toISOString());
  const share = () => void navigator.clipboard.writeText(location.href).then(() => toast(texts.shared));
  const exporting = useMutation({
    mutationFn: () => orderFile(filters),
    onSuccess: (file) => saveAs(file, 'orders.csv'),
  });
  const isFiltered = Object.keys(filters).length > 0;
  return (
    <Page
      title={texts.title}
      beside={<LiveMark />}
      actions={
        <>
          <Button icon="down2" className="hide-s" busy={exporting.isPending} onClick={() => exporting.mutate()}>
            {texts.export}
          </Button>
          <Button icon="link" onClick={share}>
            {texts.share}
          </Button>
        </>
      }
    >
      <Views filters={filters} />
      <FilterBar filters={filters} />
      {exporting.isError && <ProblemNote error={exporting.error} />}
      <Listed
        query={query}
        empty={
          isFiltered ? (
            <Empty title={texts.noMatchTitle} text={texts.noMatchText}>
              <LinkButton to="/orders">{texts.clear}</LinkButton>
            </Empty>
          ) : (
            <Empty title={texts.emptyTitle} text={texts.emptyText} />
          )
        }
      >
        {(rows) => <OrdersTable full rows={rows} isFresh={({ created_at: at }) => at > openedAt} />}
      </Listed>
    </Page>
  );
}
