import { useQuery } from '@tanstack/react-query';
import { ProblemPage } from '../../parts/problem';
import { Skeleton } from '../../parts/states';
import { WORKSPACE_TEXTS } from '../../texts/workspace';
import { useFormat, useTexts } from '../../texts';
import { usageQuery } from './queries';

/** What the plan allows, and how much of it is used. */
export function Plan() {
  const texts = useTexts(WORKSPACE_TEXTS);
  const { number, bytes } = useFormat();
  const { data: usage, error, refetch } = useQuery(usageQuery);
  if (error !== null && usage === undefined) return <ProblemPage error={error} retry={() => void refetch()} />;
  if (usage === undefined) return <Skeleton />;
  const amount = (name: string, value: number) => (name === 'storage_bytes' ? bytes(value) : number(value));
  return (
    <section className="pt-4">
      <p className="headline">{usage.plan.name}</p>
      <p className="mut mb-4">{texts.planText}</p>
      {usage.data.map(({ name, used, allowed, percent, state }) => (
        <div key={name} className="meter">
          <span className="m">{texts.limits[name]}</span>
          <span className={state === 'ok' ? 'dim' : 'warn m'}>
            {used === null ? '' : `${amount(name, used)} `}
            {allowed === null ? texts.noLimit : texts.of(amount(name, allowed))}
          </span>
          {percent !== null && (
            <progress
              className={state === 'ok' ? '' : 'w'}
              max={100}
              value={Math.min(percent, 100)}
              aria-label={texts.limits[name]}
            />
          )}
        </div>
      ))}
    </section>
  );
}
