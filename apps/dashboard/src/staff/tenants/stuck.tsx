import { useQuery } from '@tanstack/react-query';
import { LinkButton } from '../../parts/button';
import { Coin } from '../../parts/coin';
import { ProblemNote } from '../../parts/problem';
import { Skeleton } from '../../parts/states';
import { useFormat, useTexts } from '../../texts';
import { useStaffCan } from '../api/me';
import { overviewQuery } from '../operations/queries';
import { OPERATIONS_TEXTS } from '../texts/operations';
import { TENANTS_TEXTS } from '../texts/tenants';

/** Counts the workspace's stuck work by kind. The page of operations lists the items. */
export function Stuck({ tenantId }: { readonly tenantId: string }) {
  const texts = useTexts(TENANTS_TEXTS);
  const { kinds, since } = useTexts(OPERATIONS_TEXTS);
  const { full, number } = useFormat();
  const can = useStaffCan();
  const { data, error } = useQuery({ ...overviewQuery(tenantId), enabled: can('operations:read') });
  if (!can('operations:read')) return null;
  const stuck = data?.troubles.filter(({ count }) => count > 0) ?? [];
  return (
    <section>
      <div className="sh">
        <h2>{texts.stuck}</h2>
        {stuck.length > 0 && <span className="count">{number(stuck.reduce((sum, { count }) => sum + count, 0))}</span>}
      </div>
      {error !== null && <ProblemNote error={error} />}
      {error === null && data === undefined && <Skeleton lines={2} />}
      {data !== undefined && stuck.length === 0 && <p className="mut">{texts.nothingStuck}</p>}
      <ul className="list">
        {stuck.map(({ kind, count, oldest_at: at, severity }) => (
          <li key={kind} className="li items-start">
            <span className="pt-0.5">
              <Coin name={severity === 'bad' ? 'failed' : 'warned'} />
            </span>
            <div className="grow">
              <p className="m">
                {kinds[kind]} <span className="count">{number(count)}</span>
              </p>
              {at !== null && <p className="sm dim">{since(full(at))}</p>}
            </div>
            <LinkButton size="small" to="/staff/operations" search={{ kind, tenant_id: tenantId }}>
              {texts.open}
            </LinkButton>
          </li>
        ))}
      </ul>
    </section>
  );
}
