import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schema } from '#libs/client';
import { newKey } from '../../api/client';
import { useCan } from '../../api/rights';
import { Button } from '../../parts/button';
import { Coin, type CoinName } from '../../parts/coin';
import { Confirm } from '../../parts/confirm';
import { IdChip } from '../../parts/id-chip';
import { Part } from '../../parts/part';
import { Stars } from '../../parts/stars';
import { Time } from '../../parts/time';
import { toast } from '../../parts/toast';
import { HELD_TEXTS } from '../../texts/held';
import { MONEY_TEXTS } from '../../texts/money';
import { useTexts } from '../../texts';
import { DeliverHeld } from './deliver-held';
import { heldQuery, moneyChanged, refundCharge, spendingsQuery, straysQuery } from './queries';

/** Shows money that does not come from sales. Most bots have none, so parts without rows are hidden. */
export function Besides({ bot }: { readonly bot: Schema<'Bot'> }) {
  const texts = useTexts(MONEY_TEXTS);
  const { data: held = [] } = useQuery(heldQuery(bot.id));
  const { data: strays = [] } = useQuery(straysQuery(bot.id));
  const { data: spendings = [] } = useQuery(spendingsQuery(bot.id));
  return (
    <>
      {held.length > 0 && (
        <Part title={texts.heldTitle} text={texts.heldText}>
          <ul className="list">
            {held.map((charge) => (
              <HeldLine key={charge.id} charge={charge} />
            ))}
          </ul>
        </Part>
      )}
      {strays.length > 0 && (
        <Part title={texts.straysTitle} text={texts.straysText}>
          <ul className="list">
            {strays.map((one) => (
              <li key={one.id} className="li">
                <span className="grow min-w-0">
                  <span className="m block">{one.description}</span>
                  <span className="sm dim">
                    <Time at={one.occurred_at ?? one.created_at} /> <IdChip id={one.id} />
                  </span>
                </span>
                <span className="nw mut">
                  {one.amount} {one.currency}
                </span>
              </li>
            ))}
          </ul>
        </Part>
      )}
      {spendings.length > 0 && (
        <Part title={texts.spentTitle}>
          <ul className="list">
            {spendings.map((one) => (
              <li key={one.id} className="li items-start">
                <Coin name={SPENDING_COINS[one.state]} />
                <span className="grow min-w-0">
                  <span className="m block">{texts.spendings[one.kind]}</span>
                  <span className="sm dim">
                    {texts.spendingStates[one.state]}, <Time at={one.begun_at} />
                  </span>
                  {one.failure !== null && <span className="sm bad block">{one.failure}</span>}
                </span>
                <Stars amount={one.stars} />
              </li>
            ))}
          </ul>
        </Part>
      )}
    </>
  );
}

const SPENDING_COINS: Readonly<Record<Schema<'Spending'>['state'], CoinName>> = {
  begun: 'delivering',
  done: 'delivered',
  refused: 'cancelled',
  unknown: 'warned',
};

/** A payment without an order. A delivery or a refund ends it. */
function HeldLine({ charge }: { readonly charge: Schema<'Charge'> }) {
  const texts = useTexts(MONEY_TEXTS);
  const can = useCan();
  const held = useTexts(HELD_TEXTS);
  const [asking, setAsking] = useState(false);
  const [delivering, setDelivering] = useState(false);
  const [key] = useState(newKey);
  const refunding = useMutation({
    mutationFn: () => refundCharge(charge.id, key),
    onSuccess: async () => {
      setAsking(false);
      toast(texts.refundSent);
      await moneyChanged();
    },
  });
  const stars = <Stars amount={charge.stars} />;
  return (
    <li className="li flex-wrap">
      <span className="grow min-w-0">
        <Link to="/buyers/$id" params={{ id: String(charge.buyer_telegram_id) }} className="m link">
          {texts.buyer(charge.buyer_telegram_id)}
        </Link>
        <span className="sm dim block">
          {texts.matches[charge.match]}, <Time at={charge.occurred_at} /> <IdChip id={charge.id} />
        </span>
      </span>
      {stars}
      {can('orders:write') && (
        <Button size="small" onClick={() => setDelivering(true)}>
          {held.deliver}
        </Button>
      )}
      {delivering && <DeliverHeld charge={charge} onClose={() => setDelivering(false)} />}
      {can('refunds:write') && (
        <Button size="small" kind="danger-words" onClick={() => setAsking(true)}>
          {texts.refund}
        </Button>
      )}
      <Confirm
        open={asking}
        onClose={() => setAsking(false)}
        title={texts.refundTitle(stars)}
        sentence={texts.refundText}
        keep={texts.keep}
        act={
          <>
            {texts.refund} {stars}
          </>
        }
        doing={refunding}
      />
    </li>
  );
}
