import type { Schema } from '#libs/client';
import { Button } from '../../parts/button';
import { Dialog } from '../../parts/dialog';
import { SelectField, TextArea, TextField } from '../../parts/field';
import { Form, useSavedForm } from '../../parts/form';
import { toast } from '../../parts/toast';
import { ORDERS_TEXTS } from '../../texts/orders';
import { useTexts } from '../../texts';
import { deliverOrder, ordersChanged } from './queries';

/**
 * `send_again`: the bot sends the goods once more. `mark_delivered`: they were delivered elsewhere. `goods`: goods
 * entered here.
 */
export type Way = 'send_again' | 'mark_delivered' | 'goods';
type GoodsKind = 'text' | 'link' | 'key';

interface Values {
  kind: GoodsKind;
  goods: string;
  reason: string;
}

interface DeliverDialogProps {
  readonly order: Schema<'OrderDetails'>;
  readonly way: Way | undefined;
  readonly buyer: string;
  readonly onClose: () => void;
}

const REASON = 500;
const GOODS_KINDS = ['text', 'link', 'key'] as const;

const bodyOf = (way: Way, { kind, goods, reason }: Values): Schema<'Deliver'> =>
  way === 'goods' ? { goods: { [kind]: goods.trim() } } : { mode: way, reason: reason.trim() };

/** The goods for the buyer, and the note for the timeline. */
export function DeliverDialog({ order, way, buyer, onClose }: DeliverDialogProps) {
  const texts = useTexts(ORDERS_TEXTS);
  if (way === undefined) return null;
  return (
    <Dialog open onClose={onClose} title={texts.deliverTitles[way](buyer)} sentence={texts.deliverTexts[way]}>
      <DeliverForm order={order} way={way} onClose={onClose} />
    </Dialog>
  );
}

function DeliverForm({ order, way, onClose }: Pick<DeliverDialogProps, 'order' | 'onClose'> & { readonly way: Way }) {
  const texts = useTexts(ORDERS_TEXTS);
  const saved = useSavedForm<Values, unknown>({
    defaults: { kind: 'text', goods: '', reason: '' },
    save: (values) => deliverOrder(order.id, bodyOf(way, values)),
    onSaved: async () => {
      onClose();
      toast(texts.deliverDone[way]);
      await ordersChanged();
    },
  });
  return (
    <Form {...saved} className="grid gap-4">
      {way === 'goods' ? (
        <>
          <SelectField<Values>
            name="kind"
            label={texts.goodsKind}
            choices={GOODS_KINDS.map((value) => ({ value, label: texts.goodsKinds[value] }))}
          />
          <TextArea<Values> name="goods" label={texts.goods} rows={4} rules={{ required: texts.fillIn }} />
        </>
      ) : (
        <TextField<Values>
          name="reason"
          label={texts.reason}
          hint={texts.reasonHint}
          most={REASON}
          rules={{ required: texts.fillIn }}
        />
      )}
      <div className="acts">
        <Button onClick={onClose}>{texts.leave}</Button>
        <Button type="submit" kind="primary" busy={saved.saving.isPending}>
          {texts.deliverWays[way]}
        </Button>
      </div>
    </Form>
  );
}
