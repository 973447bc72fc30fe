import type { UseMutationResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Button } from './button';
import { Dialog } from './dialog';
import { ProblemNote } from './problem';

interface ConfirmProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: ReactNode;
  /** The effects of the action. */
  readonly sentence: ReactNode;
  readonly keep: string;
  readonly act: ReactNode;
  readonly doing: Pick<UseMutationResult<unknown, unknown, void>, 'isPending' | 'isError' | 'error' | 'mutate'>;
  readonly children?: ReactNode;
}

/** A question before an action that loses something. */
export const Confirm = ({ open, onClose, title, sentence, keep, act, doing, children }: ConfirmProps) => (
  <Dialog open={open} onClose={onClose} title={title} sentence={sentence}>
    {children}
    {doing.isError && <ProblemNote error={doing.error} />}
    <div className="acts">
      <Button onClick={onClose}>{keep}</Button>
      <Button kind="danger" busy={doing.isPending} onClick={() => doing.mutate()}>
        {act}
      </Button>
    </div>
  </Dialog>
);
