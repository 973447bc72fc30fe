import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schema } from '#libs/client';
import { useCan } from '../../api/rights';
import { Button } from '../../parts/button';
import { Confirm } from '../../parts/confirm';
import { Gauge } from '../../parts/gauge';
import { IdChip } from '../../parts/id-chip';
import { Listed } from '../../parts/listed';
import { Page } from '../../parts/page';
import { Part } from '../../parts/part';
import { ProblemPage } from '../../parts/problem';
import { Segments } from '../../parts/segments';
import { Skeleton } from '../../parts/states';
import { Time } from '../../parts/time';
import { useProblem } from '../../texts/problems/use-problem';
import { useFormat, useTexts } from '../../texts';
import { IMPORTS_TEXTS } from '../../texts/bot-imports';
import { cancelImport, importQuery, importsChanged, linesQuery } from './import-queries';
import { ImportState } from './imports-page';

type Import = Schema<'BotImport'>;
type Line = Schema<'BotImportLine'>;
const SHOWN = ['failed', 'waiting', 'registered'] as const;

export function ImportPage() {
  const texts = useTexts(IMPORTS_TEXTS);
  const { import: id } = useParams({ from: '/shell/bots/imports/$import' });
  const { data, error, refetch } = useQuery(importQuery(id));
  const can = useCan();
  const back = { to: '/bots/imports', label: texts.backToImports } as const;
  if (data === undefined)
    return (
      <Page title={texts.one} back={back}>
        {error === null ? <Skeleton /> : <ProblemPage error={error} retry={() => void refetch()} />}
      </Page>
    );
  return (
    <Page
      title={texts.one}
      width="read"
      back={back}
      beside={<ImportState state={data.state} />}
      actions={can('bots:write') && data.state === 'running' && <Stop one={data} />}
    >
      <Progress one={data} />
      <Lines one={data} />
    </Page>
  );
}

function Progress({ one }: { readonly one: Import }) {
  const texts = useTexts(IMPORTS_TEXTS);
  const { number } = useFormat();
  const over = one.lines - one.waiting;
  return (
    <section className="pt-4">
      <div role="status">
        <Gauge
          name={texts.progress}
          value={texts.progressOf(number(over), number(one.lines))}
          percent={(over / one.lines) * 100}
          isNearlyFull={false}
        />
      </div>
      <dl className="kv mt-4">
        <dt>{texts.started}</dt>
        <dd>
          <Time at={one.created_at} />
        </dd>
        {one.canceled > 0 && (
          <>
            <dt>{texts.canceled}</dt>
            <dd>{number(one.canceled)}</dd>
          </>
        )}
        <dt>{texts.one}</dt>
        <dd>
          <IdChip id={one.id} />
        </dd>
      </dl>
    </section>
  );
}

function Lines({ one }: { readonly one: Import }) {
  const texts = useTexts(IMPORTS_TEXTS);
  const { number } = useFormat();
  const [state, setState] = useState<(typeof SHOWN)[number]>('failed');
  const query = useInfiniteQuery(linesQuery(one.id, state, one[state]));
  const choices = SHOWN.map((value) => ({ value, label: `${texts[value]} ${number(one[value])}` }));
  return (
    <Part title={texts.whichLines}>
      <Segments label={texts.whichLines} value={state} choices={choices} onChoose={setState} />
      <Listed query={query} empty={<p className="mut py-4">{texts.noLines[state]}</p>}>
        {(rows) => (
          <ul className="list mt-3">
            {rows.map((line) => (
              <LineItem key={line.id} line={line} />
            ))}
          </ul>
        )}
      </Listed>
    </Part>
  );
}

/** A line with its result; one that failed, or waits for another attempt, with the reason and the remedy. */
function LineItem({ line }: { readonly line: Line }) {
  const texts = useTexts(IMPORTS_TEXTS);
  const { number } = useFormat();
  const say = useProblem();
  const said = line.error === null ? undefined : say(line.code, { detail: line.error, remedy: line.remedy ?? '' });
  return (
    <li className="li min-h-11 flex-wrap py-2">
      <span className="m nw">{texts.line(number(line.line))}</span>
      {line.token_last4 !== null && <span className="sm dim nw">{texts.token(line.token_last4)}</span>}
      {line.attempts > 1 && <span className="sm dim nw">{texts.attempts(line.attempts)}</span>}
      {line.bot_id !== null && (
        <Link className="link" to="/bots/$id" params={{ id: line.bot_id }}>
          {texts.toBot}
        </Link>
      )}
      {said !== undefined && (
        <span className="w-full">
          {said.detail} <span className="mut">{said.remedy}</span>
          {said.quote !== undefined && (
            <span className="dim block" lang="en">
              {said.quote}
            </span>
          )}
        </span>
      )}
    </li>
  );
}

/** Cancels the waiting lines after a question. */
function Stop({ one }: { readonly one: Import }) {
  const texts = useTexts(IMPORTS_TEXTS);
  const [asking, setAsking] = useState(false);
  const stopping = useMutation({
    mutationFn: () => cancelImport(one.id),
    onSuccess: async () => {
      setAsking(false);
      await importsChanged();
    },
  });
  return (
    <>
      <Button onClick={() => setAsking(true)}>{texts.cancel}</Button>
      <Confirm
        open={asking}
        onClose={() => setAsking(false)}
        title={texts.cancelTitle}
        sentence={texts.cancelText(one.waiting)}
        keep={texts.keep}
        act={texts.cancel}
        doing={stopping}
      />
    </>
  );
}
