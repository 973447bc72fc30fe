import { useQuery } from '@tanstack/react-query';
import { Gauge } from '../../parts/gauge';
import { ProblemPage } from '../../parts/problem';
import { Skeleton } from '../../parts/states';
import { WORKSPACE_TEXTS } from '../../texts/workspace';
import { useFormat, useTexts } from '../../texts';
import { usageQuery } from './queries';

/** The plan's limits and their usage. */
export function Plan() {
  const texts = useTexts(WORKSPACE_TEXTS);
  const { number, bytes } = useFormat();
  const { data: usage, error, refetch } = useQuery(usageQuery);
  if (error !== null && usage === undefined) return <ProblemPage error={error} retry={() => void refetch()} />;
  if (usage === undefined) return <Skeleton />;
  const amount = (name: string, value: number) => (name === 'storage_bytes' ? bytes(value) : number(value));
  const usedOf = (name: string, used: number | null, allowed: number) =>
    used === null ? amount(name, allowed) : texts.of(amount(name, used), amount(name, allowed));
  return (
    <section className="pt-4">
      <p className="headline">{usage.plan.name}</p>
      <p className="mut mb-4">{texts.planText}</p>
      {usage.data.map(({ name, used, allowed, percent, state }) => (
        <Gauge
          key={name}
          name={texts.limits[name]}
          value={allowed === null ? texts.noLimit : usedOf(name, used, allowed)}
          percent={percent}
          isNearlyFull={state !== 'ok'}
        />
      ))}
    </section>
  );
}
