import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { Schema } from '#libs/client';
import { botsQuery } from '../../api/everywhere';
import { Avatar } from '../../parts/avatar';
import { LinkButton } from '../../parts/button';
import { Listed } from '../../parts/listed';
import { Page } from '../../parts/page';
import { personName } from '../../parts/person';
import { Pick } from '../../parts/pick';
import { SAME, SaveView, ViewTabs } from '../../parts/saved-views';
import { SearchBox } from '../../parts/search-box';
import { Stars } from '../../parts/stars';
import { Empty } from '../../parts/states';
import { type Column, Table } from '../../parts/table';
import { Time } from '../../parts/time';
import { BUYERS_TEXTS } from '../../texts/buyers';
import { useFormat, useTexts } from '../../texts';
import { type BuyerFilters, readBuyerFilters } from './filters';
import { buyersQuery } from './queries';
import { BUYER_VIEWS } from './saved-views';

type Buyer = Schema<'ListedBuyer'>;

function useColumns(): readonly Column<Buyer>[] {
  const texts = useTexts(BUYERS_TEXTS);
  const { number } = useFormat();
  const { data: bots = [] } = useQuery(botsQuery);
  const botOf = ({ bot_id: id }: Buyer) => bots.find((bot) => bot.id === id)?.name ?? '';
  return [
    {
      id: 'name',
      head: texts.name,
      cell: (buyer) => (
        <span className="row">
          <Avatar name={personName(buyer)} of="person" />
          <span className="m cut">{personName(buyer)}</span>
          {buyer.username !== null && <span className="dim cut">@{buyer.username}</span>}
        </span>
      ),
    },
    {
      id: 'bot',
      head: texts.bot,
      width: 'w-48',
      optional: true,
      cell: (row) => <span className="mut">{botOf(row)}</span>,
    },
    {
      id: 'reach',
      head: texts.reachable,
      width: 'w-40',
      optional: true,
      cell: ({ reachable }) => (
        <span className={reachable ? 'mut' : 'warn'}>{reachable ? texts.yes : texts.blocked}</span>
      ),
    },
    { id: 'orders', head: texts.orders, width: 'w-24', align: 'right', cell: ({ paid }) => number(paid.count) },
    {
      id: 'stars',
      head: texts.stars,
      width: 'w-28',
      align: 'right',
      cell: ({ paid }) => <Stars amount={paid.stars} look="column" />,
    },
    {
      id: 'since',
      head: texts.since,
      width: 'w-44',
      align: 'right',
      cell: ({ created_at: at }) => (
        <span className="dim">
          <Time at={at} style="day" />
        </span>
      ),
    },
  ];
}

export function BuyersPage() {
  const texts = useTexts(BUYERS_TEXTS);
  const { number } = useFormat();
  const columns = useColumns();
  const navigate = useNavigate();
  const filters = useSearch({ from: '/shell/buyers' });
  const query = useInfiniteQuery({ ...buyersQuery(filters), placeholderData: keepPreviousData });
  const { data: bots = [] } = useQuery(botsQuery);
  const show = (changes: BuyerFilters) =>
    void navigate({ to: '/buyers', search: readBuyerFilters({ ...filters, ...changes }), replace: true });
  const { search, bot_id: bot } = filters;
  return (
    <Page title={texts.title}>
      <ViewTabs label={texts.views} list={BUYER_VIEWS} filters={filters}>
        <Link to="/buyers" search={{}} className="view" activeOptions={SAME}>
          {texts.all}
        </Link>
      </ViewTabs>
      <div className="filters">
        <SearchBox
          label={texts.search}
          hint={texts.searchHint}
          value={search ?? ''}
          onSearch={(text) => show({ search: text })}
        />
        {(bots.length > 1 || bot !== undefined) && (
          <Pick
            label={texts.bot}
            value={bot ?? ''}
            choices={[{ value: '', label: texts.allBots }, ...bots.map(({ id, name }) => ({ value: id, label: name }))]}
            onPick={(id) => show({ bot_id: id })}
          />
        )}
        {(search !== undefined || bot !== undefined) && <SaveView list={BUYER_VIEWS} filters={filters} />}
      </div>
      <Listed
        query={query}
        empty={
          search === undefined && bot === undefined ? (
            <Empty title={texts.emptyTitle} text={texts.emptyText} />
          ) : (
            <Empty title={texts.noMatchTitle} text={search === undefined ? texts.noneOfBot : texts.noMatchText(search)}>
              <LinkButton to="/buyers">{texts.clear}</LinkButton>
            </Empty>
          )
        }
      >
        {(rows) => (
          <Table
            label={texts.title}
            rows={rows}
            keyOf={(row) => `${String(row.telegram_id)} ${row.bot_id}`}
            columns={columns}
            link="name"
            linkTo={({ telegram_id: id }) => ({ to: '/buyers/$id', params: { id: String(id) } })}
            card={(row) => (
              <>
                <Avatar name={personName(row)} of="person" />
                <b className="cut">{personName(row)}</b>
                <Stars amount={row.paid.stars} />
                <span className="l2">{texts.ordersOf(number(row.paid.count), row.paid.count)}</span>
                <span className="l2r">
                  <Time at={row.created_at} style="day" />
                </span>
              </>
            )}
          />
        )}
      </Listed>
    </Page>
  );
}
