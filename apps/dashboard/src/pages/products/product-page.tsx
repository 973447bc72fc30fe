import { useMutation, useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schema } from '#libs/client';
import { useCan } from '../../api/rights';
import { Badge } from '../../parts/badge';
import { Button } from '../../parts/button';
import { Form, useSavedForm } from '../../parts/form';
import { Page } from '../../parts/page';
import { ProblemNote, ProblemPage } from '../../parts/problem';
import { SecretDialog } from '../../parts/secret';
import { Skeleton } from '../../parts/states';
import { toast } from '../../parts/toast';
import { COMMON_TEXTS } from '../../texts/common';
import { PRODUCTS_TEXTS } from '../../texts/products';
import { useTexts } from '../../texts';
import { Funnel } from './funnel';
import { LicenceKeys } from './licence-keys';
import { OnSale } from './on-sale';
import { LiveCard, ProductEditor } from './product-editor';
import { changeOf } from './product-form';
import { type ProductValues, valuesOf } from './product-values';
import { productQuery, productsChanged, rotateSecret, updateProduct } from './queries';
import { Share } from './share';
import { TONES } from './tones';
import { Translations } from './translations';

export function ProductPage() {
  const texts = useTexts(PRODUCTS_TEXTS);
  const { id } = useParams({ from: '/shell/products/$id' });
  const { data: product, error, refetch } = useQuery(productQuery(id));
  if (product !== undefined) return <Product key={product.updated_at} product={product} />;
  return (
    <Page title={texts.title} back={{ to: '/products', label: texts.backToProducts }}>
      {error === null ? <Skeleton /> : <ProblemPage error={error} retry={() => void refetch()} />}
    </Page>
  );
}

function Product({ product }: { readonly product: Schema<'Product'> }) {
  const texts = useTexts(PRODUCTS_TEXTS);
  const common = useTexts(COMMON_TEXTS);
  const can = useCan();
  const canChange = can('products:write');
  const before = valuesOf(product);
  const saved = useSavedForm<ProductValues, unknown>({
    defaults: before,
    save: (values) => updateProduct(product.id, changeOf(before, values)),
    onSaved: async () => {
      await productsChanged();
      toast(common.saved);
    },
  });
  const { isDirty } = saved.form.formState;
  const save = canChange && (
    <Button type="submit" form="product" kind="primary" disabled={!isDirty} busy={saved.saving.isPending}>
      {texts.saveChanges}
    </Button>
  );
  const discard = isDirty && <Button onClick={() => saved.form.reset()}>{texts.discard}</Button>;
  return (
    <Page
      title={product.title}
      back={{ to: '/products', label: texts.backToProducts }}
      beside={<Badge tone={TONES[product.state]}>{texts.states[product.state]}</Badge>}
      actions={
        canChange && (
          <>
            <OnSale product={product} />
            {discard}
            {save}
          </>
        )
      }
      phoneActions={
        canChange ? (
          <>
            <OnSale product={product} />
            {save}
          </>
        ) : undefined
      }
      width="read"
    >
      <div className="c2 ed">
        <div className="form">
          <Form {...saved} id="product">
            <fieldset disabled={!canChange} className="contents">
              <ProductEditor form={saved.form} product={product} />
            </fieldset>
          </Form>
          {product.licence_key !== null && <LicenceKeys product={product} canChange={canChange} />}
          {product.fulfilment_url !== null && canChange && <ServerSecret id={product.id} />}
          {can('bots:write') && <Translations product={product} />}
          {product.state !== 'draft' && <Funnel id={product.id} />}
        </div>
        <aside className="shares">
          <div className="stick">
            <div className="ed-card">
              <p className="lab dim mb-2 min-h-8">{texts.asTelegramShows}</p>
              <LiveCard form={saved.form} />
            </div>
            <Share product={product} canPost={canChange} />
          </div>
        </aside>
      </div>
    </Page>
  );
}

/** Creates a new secret for the creator's server; the old one ends at once. */
function ServerSecret({ id }: { readonly id: string }) {
  const texts = useTexts(PRODUCTS_TEXTS);
  const [secret, setSecret] = useState<string>();
  const rotating = useMutation({
    mutationFn: () => rotateSecret(id),
    onSuccess: ({ fulfilment_secret: next }) => setSecret(next ?? undefined),
  });
  return (
    <section className="fs sec">
      <h2>{texts.serverSecret}</h2>
      <p className="sm mut">{texts.rotateText}</p>
      {rotating.isError && <ProblemNote error={rotating.error} />}
      <Button className="justify-self-start" busy={rotating.isPending} onClick={() => rotating.mutate()}>
        {texts.rotate}
      </Button>
      <SecretDialog
        title={texts.serverSecret}
        sentence={texts.serverSecretText}
        secret={secret}
        onClose={() => setSecret(undefined)}
      />
    </section>
  );
}
