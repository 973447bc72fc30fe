import type { ReactNode } from 'react';
import type { Schema } from '#libs/client';
import { Stars } from '../../parts/stars';
import { useFormat, useTexts } from '../../texts';
import { TENANTS_TEXTS } from '../texts/tenants';

/** The figures that show how a workspace is doing. */
export function TenantFacts({ tenant }: { readonly tenant: Schema<'StaffTenant'> }) {
  const texts = useTexts(TENANTS_TEXTS);
  const { number, percent } = useFormat();
  const { orders, stars, refunds, refunded_stars: refunded } = tenant.last_30_days;
  const { updates, jobs } = tenant.parked;
  const facts: readonly (readonly [string, ReactNode, ReactNode])[] = [
    [texts.stars30, <Stars key="s" amount={stars} />, texts.ordersOf(orders)],
    [
      texts.refunds,
      orders === 0 ? number(refunds) : percent(refunds / orders),
      refunded === 0 ? texts.none : <Stars key="r" amount={refunded} />,
    ],
    [texts.openRefunds, number(tenant.open_refunds.count), tenant.open_refunds.count === 0 ? '' : texts.notFinished],
    [texts.parked, number(updates + jobs), updates + jobs === 0 ? '' : texts.parkedOf(updates, jobs)],
    [
      texts.endpointsFailing,
      number(tenant.failing_endpoints.length),
      tenant.failing_endpoints.length === 0 ? '' : texts.theirServer,
    ],
  ];
  return (
    <dl className="facts five mt-0 border-0">
      {facts.map(([name, value, more]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <b>{value}</b>
            {more !== '' && <span>{more}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
