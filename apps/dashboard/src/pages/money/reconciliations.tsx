import { useMutation, useQuery } from '@tanstack/react-query';
import type { Schema } from '#libs/client';
import { useCan } from '../../api/rights';
import { Button } from '../../parts/button';
import { Coin, type CoinName } from '../../parts/coin';
import { Part } from '../../parts/part';
import { ProblemNote, ProblemPage } from '../../parts/problem';
import { Stars } from '../../parts/stars';
import { Skeleton } from '../../parts/states';
import { Time } from '../../parts/time';
import { MONEY_TEXTS } from '../../texts/money';
import { useFormat, useTexts } from '../../texts';
import { compareNow, moneyChanged, reconciliationsQuery } from './queries';

type Reconciliation = Schema<'Reconciliation'>;

/** Compares Telegram's balance with ours and explains the difference. */
export function Reconciliations({ bot }: { readonly bot: Schema<'Bot'> }) {
  const texts = useTexts(MONEY_TEXTS);
  const can = useCan();
  const { data, error, refetch } = useQuery(reconciliationsQuery(bot.id));
  const comparing = useMutation({ mutationFn: () => compareNow(bot.id), onSuccess: moneyChanged });
  const [latest] = data ?? [];
  const known = data?.find(({ balance_telegram: balance }) => balance !== null);
  return (
    <Part
      title={texts.compared}
      beside={
        can('orders:write') && (
          <Button
            size="small"
            icon="redo"
            busy={comparing.isPending || latest?.state === 'running'}
            onClick={() => comparing.mutate()}
          >
            {texts.compare}
          </Button>
        )
      }
    >
      {comparing.isError && <ProblemNote error={comparing.error} />}
      {error !== null && data === undefined && <ProblemPage error={error} retry={() => void refetch()} />}
      {error === null && data === undefined && <Skeleton lines={3} />}
      {data?.length === 0 && <p className="mut">{texts.neverCompared}</p>}
      {known !== undefined && (
        <p className="mb-4">
          {texts.balance(<Stars amount={known.balance_telegram ?? 0} />)}{' '}
          <span className="dim">{texts.payoutRule}</span>
        </p>
      )}
      <ol className="tl">
        {data?.map((one) => (
          <li key={one.id}>
            <Coin name={coinOf(one)} />
            <div>
              <b>{sentenceOf(one, texts)}</b>
              <Lines one={one} />
            </div>
            <Time at={one.finished_at ?? one.started_at} />
          </li>
        ))}
      </ol>
    </Part>
  );
}

const coinOf = ({ state, difference, unexplained }: Reconciliation): CoinName => {
  if (state === 'running') return 'delivering';
  if (state === 'failed' || (unexplained ?? 0) !== 0) return 'failed';
  return (difference ?? 0) === 0 ? 'delivered' : 'warned';
};

function sentenceOf(one: Reconciliation, texts: (typeof MONEY_TEXTS)['en']) {
  if (one.state === 'running') return texts.running;
  if (one.state === 'failed') return texts.failed;
  const difference = one.difference ?? 0;
  if (difference === 0) return texts.equal;
  const stars = <Stars amount={Math.abs(difference)} />;
  return difference > 0 ? texts.moreThere(stars) : texts.lessThere(stars);
}

/** The parts of a difference, and what was corrected. */
function Lines({ one }: { readonly one: Reconciliation }) {
  const texts = useTexts(MONEY_TEXTS);
  const { number } = useFormat();
  const healed = one.healed_payments + one.healed_refunds;
  const known = (one.explanation?.lines ?? []).filter(({ cause }) => cause !== 'unexplained');
  const parts = [
    ...known.map(({ cause, count, stars }) =>
      texts.line(texts.causes[cause] ?? cause.replaceAll('_', ' '), number(count), number(stars)),
    ),
    ...(healed === 0 ? [] : [texts.healed(number(healed), healed)]),
    ...((one.unexplained ?? 0) === 0 ? [] : [texts.unexplained(number(one.unexplained ?? 0))]),
    ...(one.error === null ? [] : [one.error]),
  ];
  return parts.map((part) => <p key={part}>{part}</p>);
}
