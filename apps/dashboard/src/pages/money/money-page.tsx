import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schema } from '#libs/client';
import { botsQuery } from '../../api/everywhere';
import { saveAs } from '../../api/files';
import { Button, LinkButton } from '../../parts/button';
import { Page } from '../../parts/page';
import { Part } from '../../parts/part';
import { Pick } from '../../parts/pick';
import { ProblemNote, ProblemPage } from '../../parts/problem';
import { Stars } from '../../parts/stars';
import { Empty, Skeleton } from '../../parts/states';
import { MONEY_TEXTS } from '../../texts/money';
import { useFormat, useTexts } from '../../texts';
import { Besides } from './besides';
import { monthsUntil, type Period, periodOf, yearsUntil } from './periods';
import { statementFile, statementQuery } from './queries';
import { Reconciliations } from './reconciliations';

/** Income, refunds and reconciliations of one bot: each has its own balance at Telegram. */
export function MoneyPage() {
  const texts = useTexts(MONEY_TEXTS);
  const { data: bots, error, refetch } = useQuery(botsQuery);
  return (
    <>
      {bots !== undefined && bots.length > 0 ? (
        <Money bots={bots} />
      ) : (
        <Page title={texts.title} width="wide">
          {error !== null && bots === undefined && <ProblemPage error={error} retry={() => void refetch()} />}
          {error === null && bots === undefined && <Skeleton />}
          {bots !== undefined && (
            <Empty title={texts.emptyTitle} text={texts.emptyText}>
              <LinkButton to="/bots">{texts.toBots}</LinkButton>
            </Empty>
          )}
        </Page>
      )}
    </>
  );
}

function Money({ bots }: { readonly bots: readonly Schema<'Bot'>[] }) {
  const texts = useTexts(MONEY_TEXTS);
  const { month } = useFormat();
  const navigate = useNavigate();
  const chosen = useSearch({ from: '/shell/money' });
  const [openedAt] = useState(() => new Date());
  const months = monthsUntil(openedAt);
  const names = [...months, ...yearsUntil(openedAt)];
  const name = names.find((one) => one === chosen.period) ?? names[0] ?? '';
  const bot = bots.find(({ id }) => id === chosen.bot) ?? bots[0];
  const period = periodOf(name);
  const exporting = useMutation({
    mutationFn: (id: string) => statementFile(id, period),
    onSuccess: (file) => saveAs(file, `statement-${name}.csv`),
  });
  if (bot === undefined) return null;
  const choose = (next: typeof chosen) =>
    void navigate({ to: '/money', search: { ...chosen, ...next }, replace: true });
  return (
    <Page
      title={texts.title}
      width="wide"
      actions={
        <Button icon="down2" busy={exporting.isPending} onClick={() => exporting.mutate(bot.id)}>
          {texts.export}
        </Button>
      }
    >
      {exporting.isError && <ProblemNote error={exporting.error} />}
      <div className="filters">
        {bots.length > 1 && (
          <Pick
            label={texts.bot}
            value={bot.id}
            choices={bots.map(({ id, name: label }) => ({ value: id, label }))}
            onPick={(id) => choose({ bot: id })}
          />
        )}
        <Pick
          label={texts.period}
          value={name}
          choices={names.map((value) => ({
            value,
            label: months.includes(value) ? month(periodOf(value).from) : texts.year(value),
          }))}
          onPick={(value) => choose({ period: value })}
        />
      </div>
      <Statement bot={bot} period={period} />
      <Reconciliations bot={bot} />
      <Besides bot={bot} />
      <Part title={texts.worth} text={texts.worthText} />
    </Page>
  );
}

interface StatementProps {
  readonly bot: Schema<'Bot'>;
  readonly period: Period;
}

/** Shows a bot's income and refunds in a period: the net result first, its parts below. */
function Statement({ bot, period }: StatementProps) {
  const texts = useTexts(MONEY_TEXTS);
  const { number } = useFormat();
  const { data, error, refetch } = useQuery(statementQuery(bot.id, period));
  if (error !== null && data === undefined) return <ProblemPage error={error} retry={() => void refetch()} />;
  if (data === undefined) return <Skeleton lines={3} />;
  const { charges, refunds, given_away: away } = data;
  const facts = [
    { name: texts.taken, stars: charges.stars, note: texts.payments(number(charges.count), charges.count) },
    { name: texts.givenBack, stars: refunds.stars, note: texts.refunds(number(refunds.count), refunds.count) },
    { name: texts.held, stars: data.held, note: texts.heldNote },
    { name: texts.givenAway, stars: away.stars, note: texts.givenAwayNote },
  ];
  return (
    <section className="sec flat">
      <p className="lab dim">{texts.net}</p>
      <p className="hero">
        <Stars amount={data.net} />
      </p>
      <dl className="facts">
        {facts.map(({ name, stars, note }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <b>
                <Stars amount={stars} />
              </b>
              <span>{note}</span>
            </dd>
          </div>
        ))}
      </dl>
      <p className="sm dim mt-4">{texts.booked}</p>
    </section>
  );
}
