import { useSuspenseQuery } from '@tanstack/react-query';
import { meQuery } from '../../api/everywhere';
import { Badge } from '../../parts/badge';
import { Button } from '../../parts/button';
import { TextField } from '../../parts/field';
import { Form, useSavedForm } from '../../parts/form';
import { Part } from '../../parts/part';
import { PasswordField } from '../../parts/password-field';
import { toast } from '../../parts/toast';
import { useTexts } from '../../texts';
import { ACCOUNT_TEXTS } from '../../texts/account';
import { WORKSPACE_TEXTS } from '../../texts/workspace';
import { changeAddress } from './queries';
import { proofOf } from './second-factor';

interface Values {
  email: string;
  password: string;
  code: string;
}

/** The address of the account. A new one takes effect once its owner has opened the link in the email. */
export function Address() {
  const texts = useTexts(ACCOUNT_TEXTS);
  const { codeOrRecovery, currentPassword } = useTexts(WORKSPACE_TEXTS);
  const { data: me } = useSuspenseQuery(meQuery);
  const saved = useSavedForm<Values, unknown>({
    defaults: { email: '', password: '', code: '' },
    save: ({ email, password, code }) =>
      changeAddress({
        email: email.trim(),
        password,
        ...(me.second_factor === null ? {} : proofOf(code)),
      }),
    onSaved: () => {
      toast(texts.addressAsked(saved.form.getValues('email').trim()));
      saved.form.reset();
    },
  });
  return (
    <Part
      title={texts.address}
      beside={
        <Badge tone={me.email_confirmed_at === null ? 'warn' : 'good'}>
          {me.email_confirmed_at === null ? texts.notConfirmed : texts.isConfirmed}
        </Badge>
      }
      text={texts.addressText(me.email)}
    >
      <Form {...saved} className="grid max-w-96 gap-4">
        <TextField<Values>
          name="email"
          label={texts.newAddress}
          type="email"
          autoComplete="email"
          rules={{ required: texts.fillInAddress }}
        />
        <PasswordField<Values> name="password" label={currentPassword} autoComplete="current-password" />
        {me.second_factor !== null && (
          <TextField<Values> name="code" label={codeOrRecovery} autoComplete="one-time-code" />
        )}
        <Button type="submit" className="justify-self-start" busy={saved.saving.isPending}>
          {texts.changeAddress}
        </Button>
      </Form>
    </Part>
  );
}
