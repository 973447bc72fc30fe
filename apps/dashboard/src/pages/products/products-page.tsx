import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { Schema } from '#libs/client';
import { botsQuery } from '../../api/everywhere';
import { useCan } from '../../api/rights';
import { Badge } from '../../parts/badge';
import { LinkButton } from '../../parts/button';
import { Listed } from '../../parts/listed';
import { Page } from '../../parts/page';
import { Stars } from '../../parts/stars';
import { Empty } from '../../parts/states';
import { type Column, Table } from '../../parts/table';
import { Time } from '../../parts/time';
import { useTexts } from '../../texts';
import { PRODUCTS_TEXTS } from '../../texts/products';
import { SORT_TEXTS } from '../../texts/sort';
import { productsQuery } from './queries';
import { TONES } from './tones';

type Product = Schema<'Product'>;

function useColumns(): readonly Column<Product>[] {
  const texts = useTexts(PRODUCTS_TEXTS);
  const { data: bots = [] } = useQuery(botsQuery);
  const botOf = ({ bot_id: id }: Product) => bots.find((bot) => bot.id === id)?.name ?? '';
  const state = ({ state }: Product) => <Badge tone={TONES[state]}>{texts.states[state]}</Badge>;
  return [
    { id: 'state', head: texts.state, width: 'w-36', cell: state },
    { id: 'product', head: texts.product, cell: ({ title }) => <span className="m">{title}</span> },
    {
      id: 'kind',
      head: texts.kind,
      width: 'w-40',
      cell: ({ kind }) => <span className="mut">{texts.kinds[kind].name}</span>,
    },
    {
      id: 'bot',
      head: texts.bot,
      width: 'w-44',
      optional: true,
      cell: (row) => <span className="mut">{botOf(row)}</span>,
    },
    {
      id: 'stars',
      head: texts.price,
      width: 'w-28',
      align: 'right',
      cell: ({ stars }) => <Stars amount={stars} look="column" />,
    },
    {
      id: 'changed',
      head: texts.changed,
      width: 'w-40',
      align: 'right',
      optional: true,
      cell: (row) => (
        <span className="dim">
          <Time at={row.updated_at} />
        </span>
      ),
    },
  ];
}

export function ProductsPage() {
  const texts = useTexts(PRODUCTS_TEXTS);
  const sorting = useTexts(SORT_TEXTS);
  const columns = useColumns();
  const query = useInfiniteQuery(productsQuery);
  const can = useCan();
  const add = can('products:write') && (
    <LinkButton to="/products/new" kind="primary">
      {texts.add}
    </LinkButton>
  );
  const sort = can('products:write') && (query.data?.pages[0]?.data.length ?? 0) > 1 && (
    <LinkButton to="/products/sort" icon="updown">
      {sorting.open}
    </LinkButton>
  );
  return (
    <Page
      title={texts.title}
      actions={
        <>
          {sort}
          {add}
        </>
      }
    >
      <Listed
        query={query}
        empty={
          <Empty title={texts.emptyTitle} text={texts.emptyText}>
            {add}
          </Empty>
        }
      >
        {(rows) => (
          <Table
            label={texts.title}
            rows={rows}
            keyOf={({ id }) => id}
            columns={columns}
            link="product"
            linkTo={({ id }) => ({ to: '/products/$id', params: { id } })}
            card={(row) => (
              <>
                <span />
                <b>{row.title}</b>
                <Stars amount={row.stars} />
                <span className="l2">
                  {texts.states[row.state]}, {texts.kinds[row.kind].name}
                </span>
              </>
            )}
          />
        )}
      </Listed>
    </Page>
  );
}
