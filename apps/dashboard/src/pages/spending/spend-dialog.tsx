import { useState } from 'react';
import type { DefaultValues, FieldValues } from 'react-hook-form';
import type { ReactNode } from 'react';
import { newKey } from '../../api/client';
import { Button } from '../../parts/button';
import { Dialog } from '../../parts/dialog';
import { Form, useSavedForm } from '../../parts/form';
import { toast } from '../../parts/toast';
import { useTexts } from '../../texts';
import { COMMON_TEXTS } from '../../texts/common';
import { type Key, spent } from './queries';

interface SpendDialogProps<Values extends FieldValues> {
  readonly title: ReactNode;
  readonly sentence: ReactNode;
  readonly defaults: DefaultValues<Values>;
  /** @param key of this attempt: repeating it never spends twice */
  readonly spend: (values: Values, key: Key) => Promise<unknown>;
  readonly act: (values: Values) => ReactNode;
  readonly done: string;
  readonly onClose: () => void;
  readonly children?: ReactNode;
}

/**
 * Asks for confirmation before spending Stars, which cannot be undone. After an error the form keeps its values and its
 * key; changing the form creates a new key.
 */
export function SpendDialog<Values extends FieldValues>(props: SpendDialogProps<Values>) {
  const { title, sentence, defaults, spend, act, done, onClose, children } = props;
  const { cancel } = useTexts(COMMON_TEXTS);
  const [wish, setWish] = useState<{ readonly words: string; readonly key: Key }>();
  const saved = useSavedForm<Values, unknown>({
    defaults,
    save: async (values) => {
      const words = JSON.stringify(values);
      const now = wish?.words === words ? wish : { words, key: newKey() };
      setWish(now);
      await spend(values, now.key);
    },
    onSaved: async () => {
      onClose();
      toast(done);
      await spent();
    },
  });
  return (
    <Dialog open onClose={onClose} title={title} sentence={sentence}>
      <Form {...saved} className="grid gap-4">
        {children}
        <div className="acts">
          <Button onClick={onClose}>{cancel}</Button>
          <Button type="submit" kind="primary" busy={saved.saving.isPending}>
            {act(saved.form.watch())}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
