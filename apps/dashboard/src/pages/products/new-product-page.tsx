import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { botsQuery } from '../../api/everywhere';
import { Button, LinkButton } from '../../parts/button';
import { Form, useSavedForm } from '../../parts/form';
import { Page } from '../../parts/page';
import { ProblemPage } from '../../parts/problem';
import { Empty, Skeleton } from '../../parts/states';
import { toast } from '../../parts/toast';
import { useTexts } from '../../texts';
import { BOTS_TEXTS } from '../../texts/bots';
import { PRODUCTS_TEXTS } from '../../texts/products';
import { LiveCard, ProductEditor } from './product-editor';
import { creationOf, newProduct, type ProductValues } from './product-form';
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
  const saved = useSavedForm<ProductValues, { readonly id: string }>({
    defaults: newProduct(botId),
    save: (values) => createProduct(creationOf(values, 'active')),
    onSaved: async ({ id }) => {
      await productsChanged();
      toast(texts.made);
      await navigate({ to: '/products/$id', params: { id } });
    },
  });
  const save = (
    <Button type="submit" form="product" kind="primary" busy={saved.saving.isPending}>
      {texts.putOnSale}
    </Button>
  );
  return (
    <Page
      title={texts.newTitle}
      back={{ to: '/products', label: texts.backToProducts }}
      actions={save}
      phoneActions={save}
      width="read"
    >
      <div className="c2 ed">
        <Form {...saved} id="product" className="form">
          <ProductEditor form={saved.form} isNew />
        </Form>
        <aside className="hide-s">
          <div className="stick">
            <p className="lab dim mb-2 min-h-8">{texts.asTelegramShows}</p>
            <LiveCard form={saved.form} />
          </div>
        </aside>
      </div>
    </Page>
  );
}
