import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Schema } from '#libs/client';
import { Button } from '../../parts/button';
import { Confirm } from '../../parts/confirm';
import { toast } from '../../parts/toast';
import { useTexts } from '../../texts';
import { ORDERS_TEXTS } from '../../texts/orders';
import { isUnpaid } from './order-state';
import { cancelOrder, ordersChanged } from './queries';

/** Ends an order that was not paid: its invoice can no longer be paid. */
export function CancelOrder({ order }: { readonly order: Schema<'OrderDetails'> }) {
  const texts = useTexts(ORDERS_TEXTS);
  const [asking, setAsking] = useState(false);
  const cancelling = useMutation({
    mutationFn: () => cancelOrder(order.id),
    onSuccess: async () => {
      setAsking(false);
      toast(texts.cancelDone);
      await ordersChanged();
    },
  });
  if (!isUnpaid(order)) return null;
  return (
    <>
      <Button kind="danger-words" onClick={() => setAsking(true)}>
        {texts.cancelIt}
      </Button>
      <Confirm
        open={asking}
        onClose={() => setAsking(false)}
        title={texts.cancelTitle}
        sentence={texts.cancelText}
        keep={texts.keep}
        act={texts.cancelIt}
        doing={cancelling}
      />
    </>
  );
}
