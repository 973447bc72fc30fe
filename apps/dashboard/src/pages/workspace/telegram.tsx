import { useMutation, useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Schema } from '#libs/client';
import { botsQuery, installationQuery, meQuery } from '../../api/everywhere';
import { Avatar } from '../../parts/avatar';
import { Badge } from '../../parts/badge';
import { Button, LinkButton, OutLink } from '../../parts/button';
import { Dialog } from '../../parts/dialog';
import { Part } from '../../parts/part';
import { Pick } from '../../parts/pick';
import { ProblemNote, ProblemPage } from '../../parts/problem';
import { Empty, Skeleton } from '../../parts/states';
import { toast } from '../../parts/toast';
import { useFormat, useTexts } from '../../texts';
import { COMMON_TEXTS } from '../../texts/common';
import { TELEGRAM_TEXTS } from '../../texts/telegram-links';
import { chatUrl } from '../bots/bot-details';
import { createLink, endLink, linkQuery, linksChanged, linksQuery } from './telegram-queries';

type Bot = Schema<'Bot'>;

/** The accounts whose members run the shop from Telegram. */
export function Telegram() {
  const texts = useTexts(TELEGRAM_TEXTS);
  const { data: bots, error, refetch } = useQuery(botsQuery);
  if (bots === undefined)
    return error === null ? <Skeleton /> : <ProblemPage error={error} retry={() => void refetch()} />;
  if (bots.length === 0)
    return (
      <Empty title={texts.noBotTitle} text={texts.noBotText}>
        <LinkButton to="/bots">{texts.toBots}</LinkButton>
      </Empty>
    );
  return <Links bots={bots} />;
}

function Links({ bots }: { readonly bots: readonly Bot[] }) {
  const texts = useTexts(TELEGRAM_TEXTS);
  const { day } = useFormat();
  const { data: me } = useSuspenseQuery(meQuery);
  const [botId, setBotId] = useState(bots[0]?.id ?? '');
  const { data: links, error, refetch } = useQuery(linksQuery);
  const making = useMutation({ mutationFn: () => createLink(botId) });
  const ending = useMutation({ mutationFn: endLink, onSuccess: linksChanged });
  const linked = links?.filter(({ state }) => state === 'linked');
  const isMine = linked?.some(({ account_id: id }) => id === me.id) === true;
  const failed = [making, ending].find(({ isError }) => isError);
  return (
    <Part first title={texts.title} text={texts.text}>
      {error !== null && links === undefined && <ProblemPage error={error} retry={() => void refetch()} />}
      {error === null && links === undefined && <Skeleton lines={2} />}
      {failed !== undefined && <ProblemNote error={failed.error} />}
      <ul className="list">
        {linked?.map((one) => (
          <li key={one.id} className="li min-h-12">
            <Avatar name={one.name ?? String(one.telegram_id)} of="person" />
            <span className="grow min-w-0">
              <span className="m cut block">{one.name ?? one.telegram_id}</span>
              <span className="sm dim">{texts.since(day(one.linked_at ?? one.created_at))}</span>
            </span>
            {one.account_id === me.id && <Badge tone="good">{texts.you}</Badge>}
            <Button
              size="small"
              busy={ending.isPending && ending.variables === one.id}
              onClick={() => ending.mutate(one.id)}
            >
              {texts.unlink}
            </Button>
          </li>
        ))}
      </ul>
      {links !== undefined && !isMine && (
        <div className="row mt-3 flex-wrap">
          {bots.length > 1 && (
            <Pick
              label={texts.bot}
              value={botId}
              choices={bots.map(({ id, name }) => ({ value: id, label: name }))}
              onPick={setBotId}
            />
          )}
          <Button kind="primary" busy={making.isPending} onClick={() => making.mutate()}>
            {texts.link}
          </Button>
        </div>
      )}
      {making.data !== undefined && <Waiting made={making.data} bots={bots} onClose={() => making.reset()} />}
    </Part>
  );
}

interface WaitingProps {
  readonly made: Schema<'NewTelegramLink'>;
  readonly bots: readonly Bot[];
  readonly onClose: () => void;
}

/** The way to Telegram, until the person has pressed Start there. */
function Waiting({ made, bots, onClose }: WaitingProps) {
  const texts = useTexts(TELEGRAM_TEXTS);
  const { cancel } = useTexts(COMMON_TEXTS);
  const { data: link, error } = useQuery(linkQuery(made.id));
  const { data: installation } = useSuspenseQuery(installationQuery);
  const chat = bots.find(({ id }) => id === made.bot_id)?.username;
  const href =
    installation.simulator_url === null || chat === undefined
      ? made.url
      : `${chatUrl(installation, chat)}${new URL(made.url).search}`;
  const state = link?.state;
  useEffect(() => {
    if (state === undefined || state === 'open') return;
    if (state === 'linked') toast(texts.linked);
    onClose();
    void linksChanged();
  }, [state, onClose, texts]);
  return (
    <Dialog open onClose={onClose} title={texts.waitTitle} sentence={texts.waitText}>
      {error !== null && <ProblemNote error={error} />}
      <p className="sm dim row">
        <span className="spin" aria-hidden="true" />
        {texts.waiting}
      </p>
      <div className="acts">
        <Button onClick={onClose}>{cancel}</Button>
        <OutLink kind="primary" href={href}>
          {texts.open}
        </OutLink>
      </div>
    </Dialog>
  );
}
