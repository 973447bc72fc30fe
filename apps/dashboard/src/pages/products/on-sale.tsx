import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Schema } from '#libs/client';
import { Button } from '../../parts/button';
import { Dialog } from '../../parts/dialog';
import { Icon } from '../../parts/icon';
import { ProblemNote } from '../../parts/problem';
import { PRODUCTS_TEXTS } from '../../texts/products';
import { useTexts } from '../../texts';
import { dependentsQuery, productsChanged, setOnSale } from './queries';

/** Puts a product on sale at once; takes it off sale after a confirmation that states the consequences in numbers. */
export function OnSale({ product: { id, state } }: { readonly product: Schema<'Product'> }) {
  const texts = useTexts(PRODUCTS_TEXTS);
  const [asking, setAsking] = useState(false);
  const { data: left } = useQuery({ ...dependentsQuery(id), enabled: asking });
  const moving = useMutation({
    mutationFn: (onSale: boolean) => setOnSale(id, onSale),
    onSuccess: async () => {
      setAsking(false);
      await productsChanged();
    },
  });
  if (state !== 'active')
    return (
      <>
        <Button busy={moving.isPending} onClick={() => moving.mutate(true)}>
          {texts.activate}
        </Button>
        {moving.isError && (
          <Dialog open onClose={() => moving.reset()} title={texts.notOnSale}>
            <ProblemNote error={moving.error} />
          </Dialog>
        )}
      </>
    );
  return (
    <>
      <Button onClick={() => setAsking(true)}>{texts.archive}</Button>
      <Dialog open={asking} onClose={() => setAsking(false)} title={texts.archiveTitle} sentence={texts.archiveText}>
        {left !== undefined && (
          <ul className="what">
            <li>
              <Icon name="orders" />
              <span>{texts.archiveUnpaid(left.unpaid)}</span>
            </li>
            {left.subscribers > 0 && (
              <li>
                <Icon name="subs" />
                <span>{texts.archiveSubscribers(left.subscribers)}</span>
              </li>
            )}
          </ul>
        )}
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
