import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '../../parts/button';
import { Gauge } from '../../parts/gauge';
import { ProblemNote } from '../../parts/problem';
import { Skeleton } from '../../parts/states';
import { useFormat, useTexts } from '../../texts';
import { useStaffCan } from '../api/me';
import { PLANS_TEXTS } from '../texts/plans';
import { ChangePlan } from './change-plan';
import { usageQuery } from './queries';
import { SetLimit } from './set-limit';

/** The plan with its usage, and the exceptions that staff have made. */
export function Plan({ tenantId }: { readonly tenantId: string }) {
  const texts = useTexts(PLANS_TEXTS);
  const { number, bytes } = useFormat();
  const can = useStaffCan();
  const [asking, setAsking] = useState<'plan' | 'limit'>();
  const { data: usage, error } = useQuery(usageQuery(tenantId));
  if (error !== null) return <ProblemNote error={error} />;
  if (usage === undefined) return <Skeleton lines={3} />;
  const amount = (name: string, value: number) => (name === 'storage_bytes' ? bytes(value) : number(value));
  const exceptionOf = (name: string) => usage.overrides.find((one) => one.name === name);
  const limitOf = (allowed: string | null, isUsed: boolean) => {
    if (allowed === null) return texts.noLimit;
    return isUsed ? texts.of(allowed) : allowed;
  };
  const close = () => setAsking(undefined);
  return (
    <section>
      <div className="sh">
        <h2 className="grow">{texts.planIs(usage.plan.name)}</h2>
        {can('plans:write') && (
          <>
            <Button size="small" onClick={() => setAsking('limit')}>
              {texts.setLimit}
            </Button>
            <Button size="small" onClick={() => setAsking('plan')}>
              {texts.change}
            </Button>
          </>
        )}
      </div>
      {usage.data.map(({ name, used, allowed, percent, state }) => (
        <Gauge
          key={name}
          name={texts.limits[name]}
          value={
            <>
              {used !== null && `${amount(name, used)} `}
              {limitOf(allowed === null ? null : amount(name, allowed), used !== null)}
            </>
          }
          percent={percent}
          isNearlyFull={state !== 'ok'}
        >
          {exceptionOf(name) !== undefined && (
            <span className="xs dim col-span-full">{texts.exception(exceptionOf(name)?.reason ?? '')}</span>
          )}
        </Gauge>
      ))}
      {asking === 'plan' && <ChangePlan tenantId={tenantId} current={usage.plan.id} onClose={close} />}
      {asking === 'limit' && <SetLimit tenantId={tenantId} onClose={close} />}
    </section>
  );
}
