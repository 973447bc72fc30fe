import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { Schema } from '#libs/client';
import { LinkButton } from '../../parts/button';
import { Icon } from '../../parts/icon';
import { IdChip } from '../../parts/id-chip';
import { More } from '../../parts/more';
import { Page } from '../../parts/page';
import { Pick } from '../../parts/pick';
import { ProblemPage } from '../../parts/problem';
import { SearchBox } from '../../parts/search-box';
import { Empty, Skeleton } from '../../parts/states';
import { type Column, Table } from '../../parts/table';
import { Time } from '../../parts/time';
import { useFormat, useTexts } from '../../texts';
import { type TenantState, TenantStateBadge } from '../parts/tenant-state';
import { CONSOLE_TEXTS } from '../texts/console';
import { TENANTS_TEXTS } from '../texts/tenants';
import { type TenantFilters, tenantsQuery } from './queries';

type Tenant = Schema<'StaffTenantLine'>;

const STATES: readonly TenantState[] = ['active', 'warned', 'no_new_sales', 'outbound_stopped', 'locked', 'closed'];

function useColumns(): readonly Column<Tenant>[] {
  const texts = useTexts(TENANTS_TEXTS);
  const { number } = useFormat();
  return [
    { id: 'name', head: texts.name, cell: ({ name }) => <span className="m">{name}</span> },
    { id: 'id', head: texts.id, width: 'w-48', optional: true, cell: ({ id }) => <IdChip id={id} /> },
    { id: 'state', head: texts.state, width: 'w-44', cell: ({ state }) => <TenantStateBadge state={state} /> },
    { id: 'bots', head: texts.bots, width: 'w-24', align: 'right', cell: ({ bots }) => number(bots) },
    {
      id: 'since',
      head: texts.since,
      width: 'w-48',
      align: 'right',
      cell: ({ created_at: at }) => (
        <span className="dim">
          <Time at={at} style="day" />
        </span>
      ),
    },
  ];
}

/** The filters in the address; an unknown state is ignored. */
function useFilters(): TenantFilters {
  const { query, state } = useSearch({ from: '/staff/console/tenants' });
  const known = STATES.find((one) => one === state);
  return { ...(query === undefined ? {} : { query }), ...(known === undefined ? {} : { state: known }) };
}

export function TenantsPage() {
  const texts = useTexts(TENANTS_TEXTS);
  const { states } = useTexts(CONSOLE_TEXTS);
  const columns = useColumns();
  const navigate = useNavigate();
  const filters = useFilters();
  const query = useInfiniteQuery({ ...tenantsQuery(filters), placeholderData: keepPreviousData });
  const rows = query.data?.pages.flatMap(({ data }) => data);
  const searched = filters.query === undefined ? {} : { query: filters.query };
  const limited = filters.state === undefined ? {} : { state: filters.state };
  const show = (search: { query?: string; state?: string }) =>
    void navigate({ to: '/staff/tenants', search, replace: true });
  const isFiltered = filters.query !== undefined || filters.state !== undefined;
  return (
    <Page title={texts.title}>
      <div className="filters">
        <SearchBox
          label={texts.search}
          hint={texts.searchHint}
          value={filters.query ?? ''}
          onSearch={(text) => show(text === '' ? limited : { ...limited, query: text })}
        />
        <Pick
          label={texts.state}
          value={filters.state ?? ''}
          choices={[
            { value: '', label: texts.everyState },
            ...STATES.map((state) => ({ value: state, label: states[state] })),
          ]}
          onPick={(state) => show({ ...searched, ...(state === '' ? {} : { state }) })}
        />
      </div>
      {query.isError && rows === undefined && <ProblemPage error={query.error} retry={() => void query.refetch()} />}
      {query.isPending && <Skeleton />}
      {rows?.length === 0 &&
        (isFiltered ? (
          <Empty title={texts.noMatchTitle} text={texts.noMatchText}>
            <LinkButton to="/staff/tenants">{texts.showAll}</LinkButton>
          </Empty>
        ) : (
          <Empty title={texts.emptyTitle} text={texts.emptyText} />
        ))}
      {rows !== undefined && rows.length > 0 && (
        <Table
          label={texts.title}
          rows={rows}
          keyOf={({ id }) => id}
          columns={columns}
          link="name"
          linkTo={({ id }) => ({ to: '/staff/tenants/$id', params: { id } })}
          card={(row) => (
            <>
              <Icon name="team" small />
              <b className="cut">{row.name}</b>
              <span className="justify-self-end">
                <TenantStateBadge state={row.state} />
              </span>
              <span className="l2">{texts.botsOf(row.bots)}</span>
              <span className="l2r">
                <Time at={row.created_at} style="day" />
              </span>
            </>
          )}
        />
      )}
      <More query={query} />
    </Page>
  );
}
