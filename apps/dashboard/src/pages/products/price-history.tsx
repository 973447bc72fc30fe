import { useQuery } from '@tanstack/react-query';
import { Badge } from '../../parts/badge';
import { Stars } from '../../parts/stars';
import { PRODUCTS_TEXTS } from '../../texts/products';
import { useFormat, useTexts } from '../../texts';
import { pricesQuery } from './queries';

interface HistoryProps {
  readonly id: string;
  /** The price that was typed but is not saved yet. */
  readonly typed: number | undefined;
}

/** All former prices, and the one that saving would add. */
export function PriceHistory({ id, typed }: HistoryProps) {
  const texts = useTexts(PRODUCTS_TEXTS);
  const { day } = useFormat();
  const { data: prices = [] } = useQuery(pricesQuery(id));
  const [now] = prices;
  const next = now !== undefined && typed !== undefined && typed !== now.stars ? now.version + 1 : undefined;
  return (
    <>
      {next !== undefined && <p className="sm mut max-w-[52ch]">{texts.newVersion(next)}</p>}
      <ol className="vers">
        {next !== undefined && (
          <li>
            <b>{next}</b>
            <Stars amount={typed ?? 0} />
            <Badge tone="plain">{texts.notSaved}</Badge>
          </li>
        )}
        {prices.map(({ version, stars, created_at: at }, n) => (
          <li key={version}>
            <b>{version}</b>
            <Stars amount={stars} />
            <span className="dim">
              {n === 0 ? texts.since(day(at)) : texts.fromTo(day(at), day(prices[n - 1]?.created_at ?? at))}
            </span>
          </li>
        ))}
      </ol>
    </>
  );
}
