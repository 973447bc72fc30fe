import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { Coin } from '../../parts/coin';
import { Icon } from '../../parts/icon';
import { IdChip } from '../../parts/id-chip';
import { Page } from '../../parts/page';
import { ProblemPage } from '../../parts/problem';
import { Empty, Skeleton } from '../../parts/states';
import { useFormat, useTexts } from '../../texts';
import { OPERATIONS_TEXTS } from '../texts/operations';
import { overviewQuery, type TroubleKind } from './queries';
import { TroubleList } from './trouble-list';

/** Everything that is stuck, in all workspaces or in one. */
export function OperationsPage() {
  const texts = useTexts(OPERATIONS_TEXTS);
  const { kind: asked, tenant_id: tenant } = useSearch({ from: '/staff/console/operations' });
  const { data, error, refetch } = useQuery(overviewQuery(tenant));
  const kinds = data?.troubles ?? [];
  const stuck = kinds.filter(({ count }) => count > 0);
  const chosen = kinds.find(({ kind }) => kind === asked)?.kind;
  const shown = chosen ?? stuck[0]?.kind;
  return (
    <Page title={texts.title} beside={tenant !== undefined && <OfTenant tenant={tenant} kind={chosen} />}>
      {error !== null && data === undefined && <ProblemPage error={error} retry={() => void refetch()} />}
      {error === null && data === undefined && <Skeleton />}
      {data !== undefined && shown === undefined && <Empty title={texts.wellTitle} text={texts.wellText} />}
      {shown !== undefined && (
        <div className="md">
          <nav className={chosen === undefined ? 'kinds-l' : 'kinds-l hide-s'} aria-label={texts.kind}>
            {[...stuck, ...kinds.filter(({ count }) => count === 0)].map((one) => (
              <Kind key={one.kind} {...one} isShown={one.kind === shown} tenant={tenant} />
            ))}
          </nav>
          <div className={chosen === undefined ? 'hide-s' : undefined}>
            <Link
              className="btn sm only-s mb-3"
              to="/staff/operations"
              search={tenant === undefined ? {} : { tenant_id: tenant }}
            >
              <Icon name="left" />
              {texts.allKinds}
            </Link>
            <TroubleList kind={shown} tenant={tenant} />
          </div>
        </div>
      )}
    </Page>
  );
}

interface KindProps {
  readonly kind: TroubleKind;
  readonly count: number;
  readonly severity: 'warning' | 'bad' | null;
  readonly isShown: boolean;
  readonly tenant: string | undefined;
}

function Kind({ kind, count, severity, isShown, tenant }: KindProps) {
  const { kinds } = useTexts(OPERATIONS_TEXTS);
  const { number } = useFormat();
  return (
    <Link
      to="/staff/operations"
      search={{ kind, ...(tenant === undefined ? {} : { tenant_id: tenant }) }}
      activeProps={{}}
      aria-current={isShown ? 'true' : undefined}
    >
      {count === 0 ? <span /> : <Coin name={severity === 'bad' ? 'failed' : 'warned'} />}
      <span className={count === 0 ? 'dim' : 'm'}>{kinds[kind]}</span>
      <span className="count">{number(count)}</span>
    </Link>
  );
}

/** The workspace that the page is limited to, and the way back to all. */
function OfTenant({ tenant, kind }: { readonly tenant: string; readonly kind: TroubleKind | undefined }) {
  const texts = useTexts(OPERATIONS_TEXTS);
  return (
    <span className="fb">
      <span className="hide-s">{texts.workspace}</span>
      <span>
        <IdChip id={tenant} />
      </span>
      <Link
        className="grid h-full place-items-center px-1.5"
        to="/staff/operations"
        search={kind === undefined ? {} : { kind }}
        aria-label={texts.allWorkspaces}
      >
        <Icon name="x" small />
      </Link>
    </span>
  );
}
