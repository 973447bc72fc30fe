import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import type { Schema } from '#libs/client';
import { botsQuery } from '../../api/everywhere';
import { Button, LinkButton } from '../../parts/button';
import { Form, useSavedForm } from '../../parts/form';
import { Page } from '../../parts/page';
import { ProblemPage } from '../../parts/problem';
import { SecretDialog } from '../../parts/secret';
import { Empty, Skeleton } from '../../parts/states';
import { toast } from '../../parts/toast';
import { BOTS_TEXTS } from '../../texts/bots';
import { PRODUCTS_TEXTS } from '../../texts/products';
import { useTexts } from '../../texts';
import { LiveCard, ProductEditor } from './product-editor';
import { creationOf } from './product-form';
import { newProduct, type ProductValues } from './product-values';
import { createProduct, productsChanged } from './queries';

export function NewProductPage() {
  const texts = useTexts(PRODUCTS_TEXTS);
  const bots = useTexts(BOTS_TEXTS);
  const { data, error } = useQuery(botsQuery);
  const [bot] = data ?? [];
  const back = { to: '/products', label: texts.backToProducts } as const;
  if (bot !== undefined) return <NewProduct botId={bot.id} />;
  return (
    <Page title={texts.newTitle} back={back}>
      {error !== null && <ProblemPage error={error} />}
      {error === null && data === undefined && <Skeleton />}
      {data !== undefined && (
        <Empty title={texts.noBotTitle} text={texts.noBotText}>
          <LinkButton to="/bots" kind="primary">
            {bots.add}
          </LinkButton>
        </Empty>
      )}
    </Page>
  );
}

function NewProduct({ botId }: { readonly botId: string }) {
  const texts = useTexts(PRODUCTS_TEXTS);
  const navigate = useNavigate();
  const state = useRef<'draft' | 'active'>('active');
  const [made, setMade] = useState<Schema<'SavedProduct'>>();
  const show = (id: string) => navigate({ to: '/products/$id', params: { id } });
  const saved = useSavedForm<ProductValues, Schema<'SavedProduct'>>({
    defaults: newProduct(botId),
    save: (values) => createProduct(creationOf(values, state.current)),
    onSaved: async (product) => {
      await productsChanged();
      toast(product.state === 'draft' ? texts.keptAsDraft : texts.made);
      if (product.fulfilment_secret === null) await show(product.id);
      else setMade(product);
    },
  });
  const submit = (as: 'draft' | 'active') => () => {
    state.current = as;
  };
  const actions = (
    <>
      <Button type="submit" form="product" disabled={saved.saving.isPending} onClick={submit('draft')}>
        {texts.saveDraft}
      </Button>
      <Button type="submit" form="product" kind="primary" busy={saved.saving.isPending} onClick={submit('active')}>
        {texts.putOnSale}
      </Button>
    </>
  );
  return (
    <Page
      title={texts.newTitle}
      back={{ to: '/products', label: texts.backToProducts }}
      actions={actions}
      phoneActions={actions}
      width="read"
    >
      <div className="c2 ed">
        <Form {...saved} id="product" className="form">
          <ProductEditor form={saved.form} />
        </Form>
        <aside className="hide-s">
          <div className="stick">
            <p className="lab dim mb-2 min-h-8">{texts.asTelegramShows}</p>
            <LiveCard form={saved.form} />
          </div>
        </aside>
      </div>
      <SecretDialog
        title={texts.serverSecret}
        sentence={texts.serverSecretText}
        secret={made?.fulfilment_secret ?? undefined}
        onClose={() => made !== undefined && void show(made.id)}
      />
    </Page>
  );
}
