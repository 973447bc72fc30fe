import { useMutation } from '@tanstack/react-query';
import { useId, useState } from 'react';
import type { Schema } from '#libs/client';
import { newKey } from '../../api/client';
import { Button } from '../../parts/button';
import { Dialog } from '../../parts/dialog';
import { Icon } from '../../parts/icon';
import { ProblemNote } from '../../parts/problem';
import { Stars } from '../../parts/stars';
import { toast } from '../../parts/toast';
import { useTexts } from '../../texts';
import { ORDERS_TEXTS } from '../../texts/orders';
import { ordersChanged, refundOrder } from './queries';

const NOTE = 500;

interface RefundDialogProps {
  readonly order: Schema<'Order'>;
  readonly buyer: string;
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Explains the effects of a refund before it is made. A retry after an error uses the same key. */
export function RefundDialog({ order, buyer, open, onClose }: RefundDialogProps) {
  const texts = useTexts(ORDERS_TEXTS);
  const id = useId();
  const [note, setNote] = useState('');
  const [key] = useState(newKey);
  const refunding = useMutation({
    mutationFn: () => refundOrder(order.id, note.trim() === '' ? null : note.trim(), key),
    onSuccess: async () => {
      onClose();
      toast(texts.refundSent);
      await ordersChanged();
    },
  });
  const stars = <Stars amount={order.stars} />;
  return (
    <Dialog open={open} onClose={onClose} title={texts.refundTitle(stars, buyer)} sentence={texts.refundText}>
      <ul className="what">
        <li>
          <Icon name="money" />
          <span>{texts.balanceFalls(stars)}</span>
        </li>
        <li>
          <Icon name="lock" />
          <span>{texts.losesGoods(buyer)}</span>
        </li>
      </ul>
      <div className="f">
        <label htmlFor={id}>
          {texts.note}
          <span className="cnt">
            {note.length}/{NOTE}
          </span>
        </label>
        <div className="field">
          <textarea
            id={id}
            rows={2}
            maxLength={NOTE}
            placeholder={texts.noteHint}
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
        </div>
      </div>
      {refunding.isError && <ProblemNote error={refunding.error} />}
      <div className="acts">
        <Button onClick={onClose}>{texts.keep}</Button>
        <Button kind="danger" busy={refunding.isPending} onClick={() => refunding.mutate()}>
          {texts.refund} {stars}
        </Button>
      </div>
    </Dialog>
  );
}
