import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Button } from '../../parts/button';
import { Dialog } from '../../parts/dialog';
import { Icon } from '../../parts/icon';
import { ProblemNote } from '../../parts/problem';
import { toast } from '../../parts/toast';
import { BUYERS_TEXTS } from '../../texts/buyers';
import { useTexts } from '../../texts';
import { buyersChanged, eraseBuyer, erasingKey } from './queries';

interface EraseBuyerProps {
  readonly telegramId: number;
  readonly name: string;
}

/** Erases a buyer permanently, in all bots, after a confirmation. */
export function EraseBuyer({ telegramId, name }: EraseBuyerProps) {
  const texts = useTexts(BUYERS_TEXTS);
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const erasing = useMutation({
    mutationKey: erasingKey(telegramId),
    mutationFn: () => eraseBuyer(telegramId),
    onSuccess: async () => {
      toast(texts.erased);
      await navigate({ to: '/buyers' });
      await buyersChanged();
    },
  });
  return (
    <>
      <Button kind="danger-words" onClick={() => setAsking(true)}>
        {texts.erase}
      </Button>
      <Dialog open={asking} onClose={() => setAsking(false)} title={texts.eraseTitle(name)} sentence={texts.eraseText}>
        <ul className="what">
          <li>
            <Icon name="x" />
            <span>{texts.eraseGone}</span>
          </li>
          <li>
            <Icon name="money" />
            <span>{texts.eraseKept}</span>
          </li>
        </ul>
        {erasing.isError && <ProblemNote error={erasing.error} />}
        <div className="acts">
          <Button onClick={() => setAsking(false)}>{texts.keep}</Button>
          <Button kind="danger" busy={erasing.isPending} onClick={() => erasing.mutate()}>
            {texts.erase}
          </Button>
        </div>
      </Dialog>
    </>
  );
}
