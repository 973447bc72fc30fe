import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '../../parts/button';
import { ProblemNote } from '../../parts/problem';
import { Skeleton } from '../../parts/states';
import { useFormat, useTexts } from '../../texts';
import { useStaffCan } from '../api/me';
import { PLANS_TEXTS } from '../texts/plans';
import { ChangePlan } from './change-plan';
import { usageQuery } from './queries';
import { SetLimit } from './set-limit';

/** The plan with what is used of it, and the exceptions that staff have made. */
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
        <div key={name} className="gauge">
          <span className={state === 'ok' ? '' : 'warn m'}>{texts.limits[name]}</span>
          <span className="mut">
            {used !== null && `${amount(name, used)} `}
            <span className="dim">{limitOf(allowed === null ? null : amount(name, allowed), used !== null)}</span>
          </span>
          {percent !== null && (
            <progress
              className={state === 'ok' ? '' : 'w'}
              max={100}
              value={Math.min(percent, 100)}
              aria-label={texts.limits[name]}
            />
          )}
          {exceptionOf(name) !== undefined && (
            <span className="xs dim col-span-full">{texts.exception(exceptionOf(name)?.reason ?? '')}</span>
          )}
        </div>
      ))}
      {asking === 'plan' && <ChangePlan tenantId={tenantId} current={usage.plan.id} onClose={close} />}
      {asking === 'limit' && <SetLimit tenantId={tenantId} onClose={close} />}
    </section>
  );
}
