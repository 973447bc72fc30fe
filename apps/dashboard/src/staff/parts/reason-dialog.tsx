import type { ReactNode } from 'react';
import { Button } from '../../parts/button';
import { Dialog } from '../../parts/dialog';
import { TextArea, TextField } from '../../parts/field';
import { Form, useSavedForm } from '../../parts/form';
import { Icon, type IconName } from '../../parts/icon';
import { toast } from '../../parts/toast';
import { useTexts } from '../../texts';
import { CONSOLE_TEXTS } from '../texts/console';

export interface Effect {
  readonly icon: IconName;
  readonly text: ReactNode;
}

export interface ReasonedAct {
  readonly title: ReactNode;
  readonly sentence?: ReactNode;
  /** Tells staff what the action changes and what it leaves as it is. */
  readonly effects?: readonly Effect[];
  /** The button: a verb. */
  readonly act: string;
  readonly isDangerous?: boolean;
  /** True for an action that concerns no workspace: the reason goes into the staff's own log. */
  readonly isOwn?: boolean;
  /** A word that has to be typed first, for actions that cannot be undone. */
  readonly word?: { readonly label: string; readonly value: string; readonly differs: string };
  /** @param reason 1 to 500 characters */
  readonly save: (reason: string) => Promise<unknown>;
  readonly done: string;
}

interface ReasonDialogProps extends ReasonedAct {
  readonly onClose: () => void;
  /** Called after success, instead of closing the dialog. */
  readonly onDone?: () => void;
  readonly children?: ReactNode;
}

interface Values {
  reason: string;
  word: string;
}

export const MOST = 500;

/** Confirms an action of staff that affects others: explains its effects, and asks for a reason. */
export function ReasonDialog(props: ReasonDialogProps) {
  const { title, sentence, effects = [], act, isDangerous = false, isOwn = false } = props;
  const { word, save, done, children } = props;
  const { onClose, onDone = onClose } = props;
  const texts = useTexts(CONSOLE_TEXTS);
  const saved = useSavedForm<Values, unknown>({
    defaults: { reason: '', word: '' },
    save: ({ reason }) => save(reason.trim()),
    onSaved: () => {
      onDone();
      toast(done);
    },
  });
  return (
    <Dialog open onClose={onClose} title={title} sentence={sentence}>
      <Form {...saved} className="grid gap-4">
        {effects.length > 0 && (
          <ul className="what">
            {effects.map(({ icon, text }, n) => (
              <li key={`${icon} ${String(n)}`}>
                <Icon name={icon} />
                <span>{text}</span>
              </li>
            ))}
          </ul>
        )}
        {children}
        <TextArea<Values>
          name="reason"
          label={texts.reason}
          hint={isOwn ? texts.ownReasonHint : texts.reasonHint}
          most={MOST}
          maxLength={MOST}
          rules={{ validate: (reason) => reason.trim() !== '' || texts.required }}
        />
        {word !== undefined && (
          <TextField<Values>
            name="word"
            label={word.label}
            autoComplete="off"
            rules={{ validate: (typed) => typed.trim() === word.value || word.differs }}
          />
        )}
        <div className="acts">
          <Button onClick={onClose}>{texts.keep}</Button>
          <Button type="submit" kind={isDangerous ? 'danger' : 'primary'} busy={saved.saving.isPending}>
            {act}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
