import { useQuery } from '@tanstack/react-query';
import { Page } from '../../parts/page';
import { ProblemPage } from '../../parts/problem';
import { Skeleton } from '../../parts/states';
import { useFormat, useTexts } from '../../texts';
import type { LimitName } from '../tenants/queries';
import { plansQuery } from '../tenants/queries';
import { PLANS_TEXTS } from '../texts/plans';

/** The plans side by side. A workspace's plan is changed on its page. */
export function PlansPage() {
  const texts = useTexts(PLANS_TEXTS);
  const { number, bytes } = useFormat();
  const { data: plans, error, refetch } = useQuery(plansQuery);
  const amount = (name: string, value: number) => (name === 'storage_bytes' ? bytes(value) : number(value));
  const names = Object.keys(plans?.[0]?.limits ?? {}) as LimitName[];
  return (
    <Page title={texts.title} width="read">
      <p className="mut mb-3">{texts.plansText}</p>
      {error !== null && plans === undefined && <ProblemPage error={error} retry={() => void refetch()} />}
      {error === null && plans === undefined && <Skeleton />}
      {plans !== undefined && (
        <div className="plans-t">
          <table aria-label={texts.title}>
            <thead>
              <tr>
                <th scope="col">{texts.limit}</th>
                {plans.map(({ id, name }) => (
                  <th key={id} scope="col" className="r">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {names.map((name) => (
                <tr key={name}>
                  <th scope="row">{texts.limits[name]}</th>
                  {plans.map(({ id, limits }) => {
                    const value = limits[name];
                    return (
                      <td key={id} className="r">
                        {value === null ? <span className="dim">{texts.noLimit}</span> : amount(name, value)}
                      </td>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Page>
  );
}
