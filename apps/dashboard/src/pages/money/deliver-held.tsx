import { useQuery } from '@tanstack/react-query';
import type { Schema } from '#libs/client';
import { Button } from '../../parts/button';
import { Dialog } from '../../parts/dialog';
import { SelectField } from '../../parts/field';
import { Form, useSavedForm } from '../../parts/form';
import { toast } from '../../parts/toast';
import { COMMON_TEXTS } from '../../texts/common';
import { HELD_TEXTS } from '../../texts/held';
import { useTexts } from '../../texts';
import { productsOfBotQuery } from '../promo-codes/queries';
import { deliverCharge, moneyChanged } from './queries';

interface Values {
  product: string;
}

interface DeliverHeldProps {
  readonly charge: Schema<'Charge'>;
  readonly onClose: () => void;
}

/** Delivers a product for a payment without an order, instead of refunding it. */
export function DeliverHeld({ charge, onClose }: DeliverHeldProps) {
  const texts = useTexts(HELD_TEXTS);
  const { cancel } = useTexts(COMMON_TEXTS);
  const { data: products = [] } = useQuery(productsOfBotQuery(charge.bot_id));
  const { offered_product_id: offered, order_id: order } = charge;
  const isNamed = offered !== null || order !== null;
  const title = products.find(({ id }) => id === offered)?.title ?? '';
  const nameless = isNamed ? texts.named(title) : texts.choose;
  const saved = useSavedForm<Values, unknown>({
    defaults: { product: '' },
    save: ({ product }) => deliverCharge(charge.id, product === '' ? undefined : product),
    onSaved: async () => {
      onClose();
      toast(texts.done);
      await moneyChanged();
    },
  });
  return (
    <Dialog open onClose={onClose} title={texts.title} sentence={texts.text}>
      <Form {...saved} className="grid gap-4">
        <SelectField<Values>
          name="product"
          label={texts.product}
          choices={[{ value: '', label: nameless }, ...products.map(({ id, title }) => ({ value: id, label: title }))]}
          rules={{ validate: (product) => isNamed || product !== '' || texts.choose }}
        />
        <div className="acts">
          <Button onClick={onClose}>{cancel}</Button>
          <Button type="submit" kind="primary" busy={saved.saving.isPending}>
            {texts.act}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
