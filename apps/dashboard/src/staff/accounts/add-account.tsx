import { useState } from 'react';
import type { Schema } from '#libs/client';
import { Button } from '../../parts/button';
import { Dialog } from '../../parts/dialog';
import { SelectField, TextField } from '../../parts/field';
import { Form, useSavedForm } from '../../parts/form';
import { useTexts } from '../../texts';
import { COMMON_TEXTS } from '../../texts/common';
import { CONSOLE_TEXTS } from '../texts/console';
import { ACCOUNTS_TEXTS } from '../texts/accounts';
import { accountsChanged, addAccount, ROLES } from './queries';

type Values = Schema<'CreateStaff'>;

/** Adds a person, and shows their first password once, to be passed on in person. */
export function AddAccount({ onClose }: { readonly onClose: () => void }) {
  const texts = useTexts(ACCOUNTS_TEXTS);
  const { roles } = useTexts(CONSOLE_TEXTS);
  const { cancel } = useTexts(COMMON_TEXTS);
  const [made, setMade] = useState<Schema<'NewStaff'>>();
  const saved = useSavedForm<Values, Schema<'NewStaff'>>({
    defaults: { email: '', role: 'viewer' },
    save: addAccount,
    onSaved: async (member) => {
      setMade(member);
      await accountsChanged();
    },
  });
  if (made !== undefined) return <FirstPassword made={made} onClose={onClose} />;
  return (
    <Dialog open onClose={onClose} title={texts.addTitle} sentence={texts.addText}>
      <Form {...saved} className="grid gap-4">
        <TextField<Values> name="email" label={texts.email} type="email" autoComplete="off" />
        <SelectField<Values>
          name="role"
          label={texts.role}
          choices={ROLES.map((role) => ({ value: role, label: roles[role] }))}
        />
        <p className="sm dim">{texts.roleMay[saved.form.watch('role')]}</p>
        <div className="acts">
          <Button onClick={onClose}>{cancel}</Button>
          <Button type="submit" kind="primary" busy={saved.saving.isPending}>
            {texts.add}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}

interface FirstPasswordProps {
  readonly made: Schema<'NewStaff'>;
  readonly onClose: () => void;
}

function FirstPassword({ made, onClose }: FirstPasswordProps) {
  const texts = useTexts(ACCOUNTS_TEXTS);
  const { copy, copied, keptIt } = useTexts(COMMON_TEXTS);
  const [done, setDone] = useState(false);
  const press = () => void navigator.clipboard.writeText(made.password).then(() => setDone(true));
  return (
    <Dialog open onClose={onClose} title={texts.addedTitle(made.email)} sentence={texts.addedText}>
      <code className="secret">{made.password}</code>
      <div className="acts">
        <Button icon={done ? 'check' : 'copy'} kind="primary" onClick={press}>
          {done ? copied : copy}
        </Button>
        <Button onClick={onClose}>{keptIt}</Button>
      </div>
    </Dialog>
  );
}
