import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Schema } from '#libs/client';
import { botsQuery } from '../../api/everywhere';
import { Button, LinkButton } from '../../parts/button';
import { Page } from '../../parts/page';
import { Pick } from '../../parts/pick';
import { ProblemNote, ProblemPage } from '../../parts/problem';
import { Stars } from '../../parts/stars';
import { Empty, Skeleton } from '../../parts/states';
import { toast } from '../../parts/toast';
import { COMMON_TEXTS } from '../../texts/common';
import { SORT_TEXTS } from '../../texts/sort';
import { useTexts } from '../../texts';
import { productsOfBotQuery } from '../promo-codes/queries';
import { inShopOrder, placed } from './shop-order';
import { productsChanged, updateProduct } from './queries';
import { SortList } from './sort-list';

type Product = Schema<'Product'>;

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
  const { data, error, refetch } = useQuery(productsOfBotQuery(botId));
  if (data === undefined)
    return error === null ? <Skeleton /> : <ProblemPage error={error} retry={() => void refetch()} />;
  const products = inShopOrder(data);
  if (products.length === 0)
    return (
      <Empty title={texts.emptyTitle} text={texts.emptyText}>
        <LinkButton to="/products/new">{texts.make}</LinkButton>
      </Empty>
    );
  return <Sorter key={products.map(({ id, position }) => `${id}${String(position)}`).join()} products={products} />;
}

/** The new order is kept on the page until it is saved. */
function Sorter({ products }: { readonly products: readonly Product[] }) {
  const texts = useTexts(SORT_TEXTS);
  const common = useTexts(COMMON_TEXTS);
  const [order, setOrder] = useState(products);
  const moves = placed(order);
  const isChanged = order.some(({ id }, n) => id !== products[n]?.id);
  const saving = useMutation({
    mutationFn: async () => {
      for (const { id, position } of moves) await updateProduct(id, { position });
    },
    onSuccess: async () => {
      toast(common.saved);
      await productsChanged();
    },
  });
  return (
    <>
      <p className="mut py-4 max-w-[70ch]">{texts.text}</p>
      <SortList
        label={texts.title}
        rows={order}
        keyOf={({ id }) => id}
        nameOf={({ title }) => title}
        onSort={setOrder}
        row={(product) => (
          <>
            <span className="m cut grow">{product.title}</span>
            <Stars amount={product.stars} />
          </>
        )}
      />
      {saving.isError && <ProblemNote error={saving.error} />}
      <div className="row mt-4">
        <Button kind="primary" disabled={!isChanged} busy={saving.isPending} onClick={() => saving.mutate()}>
          {texts.save}
        </Button>
        {isChanged && <Button onClick={() => setOrder(products)}>{texts.discard}</Button>}
      </div>
    </>
  );
}
