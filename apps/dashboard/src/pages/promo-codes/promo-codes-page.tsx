import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schema } from '#libs/client';
import { botsQuery } from '../../api/everywhere';
import { useCan } from '../../api/rights';
import { Badge } from '../../parts/badge';
import { Button, LinkButton } from '../../parts/button';
import { Listed } from '../../parts/listed';
import { Page } from '../../parts/page';
import { Stars } from '../../parts/stars';
import { Empty } from '../../parts/states';
import { type Column, Table } from '../../parts/table';
import { Time } from '../../parts/time';
import { PROMO_TEXTS } from '../../texts/promo-codes';
import { useFormat, useTexts } from '../../texts';
import { CODE_TONES, codeState } from './code-state';
import { Discount } from './discount';
import { NewCode } from './new-code';
import { codesChanged, codesQuery } from './queries';

type Code = Schema<'PromoCode'>;

function useColumns(): readonly Column<Code>[] {
  const texts = useTexts(PROMO_TEXTS);
  const { number } = useFormat();
  const { data: bots = [] } = useQuery(botsQuery);
  const used = ({ uses, max_uses: most }: Code) =>
    most === null ? number(uses) : texts.usedOf(number(uses), number(most));
  return [
    { id: 'state', head: texts.state, width: 'w-36', cell: (row) => <State code={row} /> },
    { id: 'code', head: texts.code, cell: ({ code }) => <span className="m">{code}</span> },
    { id: 'off', head: texts.off, width: 'w-28', cell: (row) => <Discount code={row} /> },
    {
      id: 'bot',
      head: texts.bot,
      width: 'w-44',
      optional: true,
      cell: ({ bot_id: id }) => <span className="mut">{bots.find((bot) => bot.id === id)?.name}</span>,
    },
    { id: 'uses', head: texts.used, width: 'w-28', align: 'right', cell: used },
    {
      id: 'given',
      head: texts.given,
      width: 'w-32',
      align: 'right',
      optional: true,
      cell: ({ stars_given_away: stars }) => <Stars amount={stars} look="column" />,
    },
    {
      id: 'ends',
      head: texts.ends,
      width: 'w-40',
      align: 'right',
      cell: ({ ends_at: end }) => <span className="dim">{end === null ? texts.never : <Time at={end} />}</span>,
    },
  ];
}

function State({ code }: { readonly code: Code }) {
  const texts = useTexts(PROMO_TEXTS);
  const state = codeState(code, new Date());
  return <Badge tone={CODE_TONES[state]}>{texts.states[state]}</Badge>;
}

export function PromoCodesPage() {
  const texts = useTexts(PROMO_TEXTS);
  const { number } = useFormat();
  const columns = useColumns();
  const can = useCan();
  const navigate = useNavigate();
  const [adding, setAdding] = useState(false);
  const { data: bots = [] } = useQuery(botsQuery);
  const query = useInfiniteQuery(codesQuery);
  const add = can('products:write') && bots.length > 0 && (
    <Button kind="primary" onClick={() => setAdding(true)}>
      {texts.add}
    </Button>
  );
  const made = async ({ id }: Code) => {
    await codesChanged();
    await navigate({ to: '/promo-codes/$id', params: { id } });
  };
  return (
    <Page title={texts.title} actions={add}>
      <Listed
        query={query}
        empty={
          <Empty title={texts.emptyTitle} text={texts.emptyText}>
            {bots.length === 0 ? <LinkButton to="/bots">{texts.toBots}</LinkButton> : add}
          </Empty>
        }
      >
        {(rows) => (
          <Table
            label={texts.title}
            rows={rows}
            keyOf={({ id }) => id}
            columns={columns}
            link="code"
            linkTo={({ id }) => ({ to: '/promo-codes/$id', params: { id } })}
            card={(row) => (
              <>
                <span />
                <b className="cut">{row.code}</b>
                <Discount code={row} />
                <span className="l2">
                  {texts.states[codeState(row, new Date())]}, {texts.usedTimes(number(row.uses), row.uses)}
                </span>
              </>
            )}
          />
        )}
      </Listed>
      {adding && <NewCode bots={bots} onClose={() => setAdding(false)} onMade={made} />}
    </Page>
  );
}
