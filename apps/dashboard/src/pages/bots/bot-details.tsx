import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import type { Schema } from '#libs/client';
import { installationQuery } from '../../api/everywhere';
import { useCan } from '../../api/rights';
import { Avatar } from '../../parts/avatar';
import { Button, LinkButton, OutLink } from '../../parts/button';
import { Coin } from '../../parts/coin';
import { Part } from '../../parts/part';
import { ProblemNote, ProblemPage } from '../../parts/problem';
import { Skeleton } from '../../parts/states';
import { useFormat, useTexts } from '../../texts';
import { BOTS_TEXTS } from '../../texts/bots';
import { WORDS_TEXTS } from '../../texts/words';
import { SpendingPart } from '../spending/spending-part';
import { BotEnding } from './bot-ending';
import { BotSettings } from './bot-settings';
import { problemsQuery, usePause } from './queries';
import { Webhook } from './webhook';

/** The address of the chat with a bot: in the simulator, or in Telegram. */
export const chatUrl = (installation: Schema<'Installation'>, username: string) =>
  installation.simulator_url === null ? `https://t.me/${username}` : `${installation.simulator_url}/#/${username}`;

export function BotDetails({ bot }: { readonly bot: Schema<'Bot'> }) {
  const texts = useTexts(BOTS_TEXTS);
  const words = useTexts(WORDS_TEXTS);
  const format = useFormat();
  const { data: installation } = useSuspenseQuery(installationQuery);
  const pausing = usePause(bot);
  const can = useCan();
  const canPause = can('bots:write') && (bot.state === 'active' || bot.state === 'paused');
  return (
    <section aria-label={bot.name}>
      <div className="row flex-wrap gap-4">
        <Avatar name={bot.name} of="bot" large />
        <div className="grow">
          <h2 className="title">{bot.name}</h2>
          <p className="sm dim">
            @{bot.username}, {texts.since(format.day(bot.created_at))}, {texts.tokenEnds} <code>{bot.token_last4}</code>
          </p>
        </div>
        <div className="row w100">
          {canPause && (
            <Button icon="pause" busy={pausing.isPending} onClick={() => pausing.mutate()}>
              {bot.state === 'paused' ? texts.resume : texts.pause}
            </Button>
          )}
          <OutLink href={chatUrl(installation, bot.username)}>{texts.openChat}</OutLink>
        </div>
      </div>
      {pausing.isError && <ProblemNote error={pausing.error} />}
      <section className="sec">
        <div className="sh">
          <h2>{texts.doctor}</h2>
        </div>
        <Problems id={bot.id} />
        <Webhook id={bot.id} />
      </section>
      {can('bots:write') && <BotSettings bot={bot} />}
      <Part title={words.title} text={words.openText}>
        <LinkButton to="/bots/$id/words" params={{ id: bot.id }}>
          {words.open}
        </LinkButton>
      </Part>
      <SpendingPart bot={bot} />
      {can('bots:write') && <BotEnding bot={bot} />}
    </section>
  );
}

function Problems({ id }: { readonly id: string }) {
  const texts = useTexts(BOTS_TEXTS);
  const { data: problems, error, refetch } = useQuery(problemsQuery(id));
  if (error !== null) return <ProblemPage error={error} retry={() => void refetch()} />;
  if (problems === undefined) return <Skeleton lines={3} />;
  if (problems.length === 0)
    return (
      <div className="flex gap-2 *:mt-0.5">
        <Coin name="delivered" />
        <p>
          <span className="m">{texts.allWell}.</span> <span className="mut">{texts.allWellText}</span>
        </p>
      </div>
    );
  return (
    <ul className="find-l">
      {problems.map(({ kind, subject, count, error: reason }) => (
        <li key={`${kind} ${subject}`}>
          <Coin name="failed" />
          <div>
            <h3>
              {texts.kinds[kind]} <span className="count">{count}</span>
            </h3>
            <p>{texts.remedies[kind]}</p>
            {reason !== null && <p className="dim">{reason}</p>}
          </div>
        </li>
      ))}
    </ul>
  );
}
