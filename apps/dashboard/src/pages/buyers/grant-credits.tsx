import { useState } from 'react';
import { Button } from '../../parts/button';
import { Dialog } from '../../parts/dialog';
import { TextField } from '../../parts/field';
import { Form, useSavedForm } from '../../parts/form';
import { toast } from '../../parts/toast';
import { BUYERS_TEXTS } from '../../texts/buyers';
import { useTexts } from '../../texts';
import { buyersChanged, grantCredits } from './queries';

interface Values {
  unit: string;
  amount: number | undefined;
  reason: string;
}

/** Grants credits without a payment. */
export function GrantCredits({ telegramId }: { readonly telegramId: number }) {
  const texts = useTexts(BUYERS_TEXTS);
  const [asking, setAsking] = useState(false);
  const saved = useSavedForm<Values, unknown>({
    defaults: { unit: '', amount: undefined, reason: '' },
    save: ({ unit, amount, reason }) =>
      grantCredits(telegramId, unit.trim(), {
        amount: amount ?? 0,
        reason: reason.trim() === '' ? null : reason.trim(),
      }),
    onSaved: async () => {
      setAsking(false);
      toast(texts.granted);
      await buyersChanged();
    },
  });
  return (
    <>
      <Button size="small" className="mt-3" onClick={() => setAsking(true)}>
        {texts.grant}
      </Button>
      <Dialog open={asking} onClose={() => setAsking(false)} title={texts.grantTitle} sentence={texts.grantText}>
        <Form {...saved} className="grid gap-4">
          <div className="two">
            <TextField<Values>
              name="amount"
              label={texts.amount}
              whole
              rules={{ validate: (value) => (Number.isInteger(value) && Number(value) > 0) || texts.wholeNumber }}
            />
            <TextField<Values>
              name="unit"
              label={texts.unit}
              hint={texts.unitHint}
              rules={{ required: texts.fillIn }}
            />
          </div>
          <TextField<Values> name="reason" label={texts.reason} />
          <div className="acts">
            <Button onClick={() => setAsking(false)}>{texts.leave}</Button>
            <Button type="submit" kind="primary" busy={saved.saving.isPending}>
              {texts.grant}
            </Button>
          </div>
        </Form>
      </Dialog>
    </>
  );
}
