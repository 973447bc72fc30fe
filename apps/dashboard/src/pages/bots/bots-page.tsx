import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schema } from '#libs/client';
import { botsQuery } from '../../api/everywhere';
import { useCan } from '../../api/rights';
import { Avatar } from '../../parts/avatar';
import { Button, LinkButton } from '../../parts/button';
import { Dialog } from '../../parts/dialog';
import { Page } from '../../parts/page';
import { ProblemPage } from '../../parts/problem';
import { Empty, Skeleton } from '../../parts/states';
import { useTexts } from '../../texts';
import { IMPORTS_TEXTS } from '../../texts/bot-imports';
import { BOTS_TEXTS } from '../../texts/bots';
import { AddBot } from './add-bot';
import { BotDetails } from './bot-details';

const DOTS: Readonly<Record<Schema<'Bot'>['state'], string>> = {
  active: 'dot g',
  paused: 'dot o',
  token_invalid: 'dot b',
  removing: 'dot w',
  removed: 'dot o',
};

/** The bots, next to the selected one; on a phone they are a strip above it. */
export function BotsPage() {
  const texts = useTexts(BOTS_TEXTS);
  const imports = useTexts(IMPORTS_TEXTS);
  const navigate = useNavigate();
  const { id } = useParams({ strict: false });
  const can = useCan();
  const [adding, setAdding] = useState(false);
  const { data: bots, error, refetch } = useQuery(botsQuery);
  const shown = bots?.find((bot) => bot.id === id) ?? bots?.[0];
  const added = ({ id }: Schema<'Bot'>) => {
    setAdding(false);
    return navigate({ to: '/bots/$id', params: { id } });
  };

  const add = can('bots:write') && (
    <>
      <LinkButton to="/bots/imports">{imports.open}</LinkButton>
      <Button kind="primary" onClick={() => setAdding(true)}>
        {texts.add}
      </Button>
    </>
  );

  return (
    <Page title={texts.title} actions={add}>
      {error !== null && <ProblemPage error={error} retry={() => void refetch()} />}
      {error === null && bots === undefined && <Skeleton />}
      {bots?.length === 0 && (
        <Empty title={texts.emptyTitle} text={texts.emptyText}>
          {add}
        </Empty>
      )}
      {bots !== undefined && shown !== undefined && (
        <div className="md">
          <ul className="botl" aria-label={texts.title}>
            {bots.map((bot) => (
              <li key={bot.id}>
                <Link to="/bots/$id" params={{ id: bot.id }} aria-current={bot.id === shown.id ? 'true' : undefined}>
                  <Avatar name={bot.name} of="bot" large />
                  <div className="min-w-0">
                    <p className="m cut">{bot.name}</p>
                    <p className="sm dim cut l2">@{bot.username}</p>
                  </div>
                  <span className="row xs dim gap-1.5">
                    <i className={DOTS[bot.state]} />
                    {bot.environment === 'test' ? texts.test : texts.states[bot.state]}
                  </span>
                </Link>
              </li>
            ))}
          </ul>
          <BotDetails key={shown.id} bot={shown} />
        </div>
      )}
      <Dialog open={adding} onClose={() => setAdding(false)} title={texts.addTitle}>
        <AddBot onAdded={added} />
      </Dialog>
    </Page>
  );
}
