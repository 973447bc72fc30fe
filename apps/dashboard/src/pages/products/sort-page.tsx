import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { botsQuery } from '../../api/everywhere';
import { LinkButton } from '../../parts/button';
import { Listed } from '../../parts/listed';
import { Page } from '../../parts/page';
import { Pick } from '../../parts/pick';
import { ProblemNote, ProblemPage } from '../../parts/problem';
import { Stars } from '../../parts/stars';
import { Empty, Skeleton } from '../../parts/states';
import { SORT_TEXTS } from '../../texts/sort';
import { useTexts } from '../../texts';
import { MoveDialog } from './move-dialog';
import { shopQuery, usePlacing } from './shop-order';
import { SortList } from './sort-list';

/** The order of a bot's products in its shop. */
export function SortPage() {
  const texts = useTexts(SORT_TEXTS);
  const { data: bots, error, refetch } = useQuery(botsQuery);
  const [chosen, setChosen] = useState<string>();
  const bot = bots?.find(({ id }) => id === chosen) ?? bots?.[0];
  return (
    <Page title={texts.title} back={{ to: '/products', label: texts.back }} width="read">
      {error !== null && bots === undefined && <ProblemPage error={error} retry={() => void refetch()} />}
      {error === null && bots === undefined && <Skeleton />}
      {bots !== undefined && bots.length > 1 && bot !== undefined && (
        <div className="filters">
          <Pick
            label={texts.bot}
            value={bot.id}
            choices={bots.map(({ id, name }) => ({ value: id, label: name }))}
            onPick={setChosen}
          />
        </div>
      )}
      {bots?.length === 0 && <Empty title={texts.emptyTitle} text={texts.emptyText} />}
      {bot !== undefined && <OfBot key={bot.id} botId={bot.id} />}
    </Page>
  );
}

function OfBot({ botId }: { readonly botId: string }) {
  const texts = useTexts(SORT_TEXTS);
  const query = useInfiniteQuery(shopQuery(botId));
  const { move, error } = usePlacing(botId);
  const [moving, setMoving] = useState<string>();
  return (
    <Listed
      query={query}
      empty={
        <Empty title={texts.emptyTitle} text={texts.emptyText}>
          <LinkButton to="/products/new">{texts.make}</LinkButton>
        </Empty>
      }
    >
      {(rows) => (
        <>
          <p className="mut py-4 max-w-[70ch]">{texts.text}</p>
          {error !== null && <ProblemNote error={error} />}
          <SortList
            label={texts.title}
            rows={rows}
            keyOf={({ id }) => id}
            nameOf={({ title }) => title}
            onMove={move}
            onAsk={({ id }) => setMoving(id)}
            row={(product) => (
              <>
                <span className="m cut grow">{product.title}</span>
                <Stars amount={product.stars} />
              </>
            )}
          />
          {moving !== undefined && (
            <MoveDialog id={moving} botId={botId} onClose={() => setMoving(undefined)} onMove={move} />
          )}
        </>
      )}
    </Listed>
  );
}
