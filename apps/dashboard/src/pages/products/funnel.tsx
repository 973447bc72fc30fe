import { useQuery } from '@tanstack/react-query';
import { ProblemPage } from '../../parts/problem';
import { Skeleton } from '../../parts/states';
import { PRODUCTS_TEXTS } from '../../texts/products';
import { useFormat, useTexts } from '../../texts';
import { funnelQuery } from './queries';

/** The sources of a product's buyers, and their progress towards a purchase, in the last 30 days. */
export function Funnel({ id }: { readonly id: string }) {
  const texts = useTexts(PRODUCTS_TEXTS);
  const { number, percent } = useFormat();
  const { data: sources, error, refetch } = useQuery(funnelQuery(id));
  return (
    <section className="fs sec">
      <div className="sh mb-0">
        <h2>{texts.funnel}</h2>
      </div>
      <p className="sm mut">{texts.funnelText}</p>
      {error !== null && sources === undefined && <ProblemPage error={error} retry={() => void refetch()} />}
      {error === null && sources === undefined && <Skeleton lines={2} />}
      {sources?.length === 0 && <p className="mut">{texts.funnelEmpty}</p>}
      <ul className="list">
        {sources?.map(({ source, seen, checked_out: tried, paid }) => (
          <li key={source ?? ''} className="li min-h-12">
            <span className="grow min-w-0">
              <span className="m cut block">{source ?? texts.otherWays}</span>
              <span className="sm dim">{texts.wayDown(number(seen), number(tried), number(paid))}</span>
            </span>
            <span className="m nw">{seen === 0 ? '–' : percent(Math.min(1, paid / seen))}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
