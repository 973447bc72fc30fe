import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schema } from '#libs/client';
import { useCan } from '../../api/rights';
import { Badge } from '../../parts/badge';
import { Button } from '../../parts/button';
import { TextField } from '../../parts/field';
import { Page } from '../../parts/page';
import { Part } from '../../parts/part';
import { ProblemNote, ProblemPage } from '../../parts/problem';
import { Stars } from '../../parts/stars';
import { Skeleton } from '../../parts/states';
import { Time } from '../../parts/time';
import { useTexts } from '../../texts';
import { SPENDING_TEXTS } from '../../texts/spending';
import { OwnedGifts } from './owned-gifts';
import { accountQuery, balanceQuery, moveStars } from './queries';
import { SpendDialog } from './spend-dialog';

type Account = Schema<'BusinessConnection'>;

/** The most Stars that Telegram moves at once. */
const MOST = 10_000;

/** A business account that has connected a bot: its Stars and its gifts, if its owner allows the bot to see them. */
export function AccountPage() {
  const texts = useTexts(SPENDING_TEXTS);
  const { id: botId, account: id } = useParams({ from: '/shell/bots/$id/accounts/$account' });
  const { data: account, error, refetch } = useQuery(accountQuery(id));
  return (
    <Page
      title={account === undefined ? texts.accounts : texts.account(account.user_telegram_id)}
      beside={
        account !== undefined && (
          <Badge tone={account.enabled ? 'good' : 'plain'}>{account.enabled ? texts.enabled : texts.disabled}</Badge>
        )
      }
      back={{ to: '/bots/$id', params: { id: botId }, label: texts.backToBot }}
      width="read"
    >
      {error !== null && account === undefined && <ProblemPage error={error} retry={() => void refetch()} />}
      {error === null && account === undefined && <Skeleton />}
      {account !== undefined && <Details account={account} />}
    </Page>
  );
}

function Details({ account }: { readonly account: Account }) {
  const texts = useTexts(SPENDING_TEXTS);
  const mayLook = account.enabled && account.rights.includes('can_view_gifts_and_stars');
  const nameOf = (right: string) => texts.rights[right as keyof typeof texts.rights] ?? right.replaceAll('_', ' ');
  return (
    <>
      {mayLook ? <Balance account={account} /> : <p className="mut pt-4">{texts.mayNotLook}</p>}
      {mayLook && <OwnedGifts account={account} />}
      <Part title={texts.facts}>
        <dl className="kv">
          <dt>{texts.owner}</dt>
          <dd>
            <Link className="link" to="/buyers/$id" params={{ id: String(account.user_telegram_id) }}>
              {account.user_telegram_id}
            </Link>
          </dd>
          <dt>{texts.since}</dt>
          <dd>
            <Time at={account.connected_at} />
          </dd>
          <dt>{texts.allowed}</dt>
          <dd>{account.rights.length === 0 ? texts.nothing : account.rights.map(nameOf).join(', ')}</dd>
        </dl>
      </Part>
    </>
  );
}

interface Values {
  stars: number | undefined;
}

function Balance({ account }: { readonly account: Account }) {
  const texts = useTexts(SPENDING_TEXTS);
  const can = useCan();
  const [moving, setMoving] = useState(false);
  const { data: balance, error } = useQuery(balanceQuery(account.id));
  const mayMove = can('spending:write') && account.rights.includes('can_transfer_stars');
  const most = Math.min(MOST, balance?.stars ?? MOST);
  const fits = (value: unknown) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= most;
  return (
    <section className="pt-4">
      {error !== null && <ProblemNote error={error} />}
      <p className="dim sm mb-2">{texts.balance}</p>
      <div className="row flex-wrap gap-4">
        <p className="hero grow">{balance === undefined ? '–' : <Stars amount={balance.stars} />}</p>
        {mayMove && (balance?.stars ?? 0) > 0 && <Button onClick={() => setMoving(true)}>{texts.move}</Button>}
      </div>
      {moving && (
        <SpendDialog<Values>
          title={texts.moveTitle}
          sentence={texts.moveText}
          defaults={{ stars: undefined }}
          spend={({ stars }, key) => moveStars(account.id, stars ?? 0, key)}
          act={({ stars }) => texts.moveAmount(<Stars amount={stars ?? 0} />)}
          done={texts.moved}
          onClose={() => setMoving(false)}
        >
          <TextField<Values>
            name="stars"
            label={texts.amount}
            whole
            rules={{ validate: (value) => fits(value) || texts.upTo(most) }}
          />
        </SpendDialog>
      )}
    </section>
  );
}
