import { useMutation, useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schema } from '#libs/client';
import { Badge } from '../../parts/badge';
import { Button, IconButton } from '../../parts/button';
import { Dialog } from '../../parts/dialog';
import { Form, useSavedForm } from '../../parts/form';
import { Icon } from '../../parts/icon';
import { Page } from '../../parts/page';
import { ProblemNote, ProblemPage } from '../../parts/problem';
import { Skeleton } from '../../parts/states';
import { toast } from '../../parts/toast';
import { useTexts } from '../../texts';
import { COMMON_TEXTS } from '../../texts/common';
import { PRODUCTS_TEXTS } from '../../texts/products';
import { LiveCard, ProductEditor } from './product-editor';
import { changeOf, type ProductValues, valuesOf } from './product-form';
import { linksQuery, productQuery, productsChanged, setOnSale, updateProduct } from './queries';
import { TONES } from './tones';

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
  const save = (
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
        <>
          <OnSale product={product} />
          {discard}
          {save}
        </>
      }
      phoneActions={
        <>
          <OnSale product={product} />
          {save}
        </>
      }
      width="read"
    >
      <div className="c2 ed">
        <Form {...saved} id="product" className="form">
          <ProductEditor form={saved.form} currentStars={product.stars} isNew={false} />
        </Form>
        <aside className="hide-s">
          <div className="stick">
            <p className="lab dim mb-2 min-h-8">{texts.asTelegramShows}</p>
            <LiveCard form={saved.form} />
            <BuyLink id={product.id} />
          </div>
        </aside>
      </div>
    </Page>
  );
}

/** Puts a product on sale at once; takes it away after saying what that means. */
function OnSale({ product: { id, state } }: { readonly product: Schema<'Product'> }) {
  const texts = useTexts(PRODUCTS_TEXTS);
  const [asking, setAsking] = useState(false);
  const moving = useMutation({
    mutationFn: (onSale: boolean) => setOnSale(id, onSale),
    onSuccess: async () => {
      setAsking(false);
      await productsChanged();
    },
  });
  if (state !== 'active')
    return (
      <Button busy={moving.isPending} onClick={() => moving.mutate(true)}>
        {texts.activate}
      </Button>
    );
  return (
    <>
      <Button onClick={() => setAsking(true)}>{texts.archive}</Button>
      <Dialog open={asking} onClose={() => setAsking(false)} title={texts.archiveTitle} sentence={texts.archiveText}>
        <ul className="what">
          <li>
            <Icon name="orders" />
            <span>{texts.archiveNote}</span>
          </li>
        </ul>
        {moving.isError && <ProblemNote error={moving.error} />}
        <div className="acts">
          <Button onClick={() => setAsking(false)}>{texts.keep}</Button>
          <Button kind="danger" busy={moving.isPending} onClick={() => moving.mutate(false)}>
            {texts.archive}
          </Button>
        </div>
      </Dialog>
    </>
  );
}

function BuyLink({ id }: { readonly id: string }) {
  const texts = useTexts(PRODUCTS_TEXTS);
  const { data: links } = useQuery(linksQuery(id));
  if (links === undefined) return null;
  const copy = () => void navigator.clipboard.writeText(links.card_url).then(() => toast(texts.linkCopied));
  return (
    <div className="sec mt-5 pt-4">
      <div className="sh">
        <h2>{texts.link_}</h2>
      </div>
      <div className="row">
        <span className="field min-h-8 grow pr-1">
          <span className="cut grow sm">{links.card_url.replace('https://', '')}</span>
          <IconButton kind="quiet" icon="copy" label={texts.copyLink} className="h-6" onClick={copy} />
        </span>
      </div>
    </div>
  );
}
