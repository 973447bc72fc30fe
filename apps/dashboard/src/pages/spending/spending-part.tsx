import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schema } from '#libs/client';
import { useCan } from '../../api/rights';
import { Avatar } from '../../parts/avatar';
import { Badge } from '../../parts/badge';
import { Button } from '../../parts/button';
import { Part } from '../../parts/part';
import { ProblemPage } from '../../parts/problem';
import { Skeleton } from '../../parts/states';
import { useFormat, useTexts } from '../../texts';
import { SPENDING_TEXTS } from '../../texts/spending';
import { GiftDialog } from './gift-dialog';
import { accountsQuery } from './queries';

/** Shows, on the page of a bot, the gifts that it can give and the business accounts that it acts for. */
export function SpendingPart({ bot }: { readonly bot: Schema<'Bot'> }) {
  const texts = useTexts(SPENDING_TEXTS);
  const can = useCan();
  const { day } = useFormat();
  const [giving, setGiving] = useState(false);
  const { data: accounts, error, refetch } = useQuery(accountsQuery(bot.id));
  return (
    <>
      {can('spending:write') && bot.state === 'active' && (
        <Part title={texts.gifts} text={texts.giftsText}>
          <Button onClick={() => setGiving(true)}>{texts.give}</Button>
          {giving && <GiftDialog botId={bot.id} onClose={() => setGiving(false)} />}
        </Part>
      )}
      <Part title={texts.accounts} text={accounts?.length === 0 ? texts.noAccounts : texts.accountsText}>
        {error !== null && accounts === undefined && <ProblemPage error={error} retry={() => void refetch()} />}
        {error === null && accounts === undefined && <Skeleton lines={2} />}
        <ul className="list">
          {accounts?.map((one) => (
            <li key={one.id}>
              <Link to="/bots/$id/accounts/$account" params={{ id: bot.id, account: one.id }} className="li min-h-12">
                <Avatar name={String(one.user_telegram_id)} of="person" />
                <span className="grow min-w-0">
                  <span className="m cut block">{texts.account(one.user_telegram_id)}</span>
                  <span className="sm dim">{texts.connected(day(one.connected_at))}</span>
                </span>
                <Badge tone={one.enabled ? 'good' : 'plain'}>{one.enabled ? texts.enabled : texts.disabled}</Badge>
              </Link>
            </li>
          ))}
        </ul>
      </Part>
    </>
  );
}
