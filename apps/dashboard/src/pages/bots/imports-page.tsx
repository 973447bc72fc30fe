import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { Schema } from '#libs/client';
import { useCan } from '../../api/rights';
import { Badge, type Tone } from '../../parts/badge';
import { Listed } from '../../parts/listed';
import { Page } from '../../parts/page';
import { Part } from '../../parts/part';
import { Empty } from '../../parts/states';
import { type Column, Table } from '../../parts/table';
import { Time } from '../../parts/time';
import { useFormat, useTexts } from '../../texts';
import { IMPORTS_TEXTS } from '../../texts/bot-imports';
import { ImportForm } from './import-form';
import { importsChanged, importsQuery } from './import-queries';

type Import = Schema<'BotImport'>;

const TONES: Readonly<Record<Import['state'], Tone>> = { running: 'info', done: 'good', canceled: 'plain' };

export function ImportState({ state }: Pick<Import, 'state'>) {
  const texts = useTexts(IMPORTS_TEXTS);
  return <Badge tone={TONES[state]}>{texts.states[state]}</Badge>;
}

function useColumns(): readonly Column<Import>[] {
  const texts = useTexts(IMPORTS_TEXTS);
  const { number } = useFormat();
  const count = (id: 'lines' | 'registered' | 'failed') => ({
    id,
    head: texts[id],
    width: 'w-28',
    align: 'right' as const,
    cell: (row: Import) => number(row[id]),
  });
  return [
    { id: 'state', head: texts.state, width: 'w-36', cell: ({ state }) => <ImportState state={state} /> },
    { id: 'started', head: texts.started, cell: ({ created_at: at }) => <Time at={at} /> },
    count('lines'),
    count('registered'),
    count('failed'),
  ];
}

/** Uploads lists of bots, and shows the results of earlier ones. */
export function ImportsPage() {
  const texts = useTexts(IMPORTS_TEXTS);
  const columns = useColumns();
  const can = useCan();
  const navigate = useNavigate();
  const query = useInfiniteQuery(importsQuery);
  const started = async ({ id }: Import) => {
    await importsChanged();
    await navigate({ to: '/bots/imports/$import', params: { import: id } });
  };
  return (
    <Page title={texts.title} back={{ to: '/bots', label: texts.back }}>
      <p className="mut max-w-[70ch] py-4">{texts.text}</p>
      {can('bots:write') && <ImportForm onStarted={started} />}
      <Part title={texts.before}>
        <Listed query={query} empty={<Empty title={texts.emptyTitle} text={texts.emptyText} />}>
          {(rows) => (
            <Table
              label={texts.before}
              rows={rows}
              keyOf={({ id }) => id}
              columns={columns}
              link="started"
              linkTo={({ id }) => ({ to: '/bots/imports/$import', params: { import: id } })}
              card={(row) => (
                <>
                  <span />
                  <b className="cut">
                    <Time at={row.created_at} />
                  </b>
                  <ImportState state={row.state} />
                  <span className="l2">{texts.counted(row.lines)}</span>
                </>
              )}
            />
          )}
        </Listed>
      </Part>
    </Page>
  );
}
