import { useState } from 'react';
import { type Schema, StarwallProblem } from '#libs/client';
import { session } from '../api/session';
import { Button } from './button';
import { TextField } from './field';
import { Form, useSavedForm } from './form';
import { useTexts } from '../texts';
import { ENTRY_TEXTS } from '../texts/entry';
import { PasswordField } from './password-field';

interface Values {
  email: string;
  password: string;
  code: string;
  recovery_code: string;
}

interface SignInFormProps {
  readonly email?: string;
  readonly onSignedIn: () => unknown;
  /** An alternative to signing in, for the account with this address, which cannot be changed in the form. */
  readonly other?: {
    readonly enter: (proof: Omit<Schema<'BrowserLogIn'>, 'email'>) => Promise<void>;
    readonly action: string;
    readonly passwordHint: string;
  };
}

/** Address and password, and the second factor if the account has one. */
export function SignInForm({ email = '', onSignedIn, other: way }: SignInFormProps) {
  const texts = useTexts(ENTRY_TEXTS);
  const [second, setSecond] = useState<'none' | 'code' | 'recovery_code'>('none');
  const signIn = async ({ email, password, ...proof }: Values) => {
    try {
      const shown = { password, ...(second === 'none' ? {} : { [second]: proof[second].trim() }) };
      await (way === undefined ? session.signIn({ email, ...shown }) : way.enter(shown));
    } catch (error) {
      if (second !== 'none' || !(error instanceof StarwallProblem) || error.code !== 'second_factor_required')
        throw error;
      setSecond('code');
      return false;
    }
    return true;
  };
  const saved = useSavedForm<Values, boolean>({
    defaults: { email, password: '', code: '', recovery_code: '' },
    save: signIn,
    onSaved: (isIn) => isIn && onSignedIn(),
  });
  const other = second === 'code' ? 'recovery_code' : 'code';

  return (
    <Form {...saved} className="grid gap-4">
      <TextField<Values>
        name="email"
        label={texts.email}
        type="email"
        autoComplete="username"
        readOnly={way !== undefined}
      />
      <PasswordField<Values>
        name="password"
        label={texts.password}
        autoComplete="current-password"
        {...(way === undefined ? {} : { hint: way.passwordHint })}
      />
      {second === 'code' && (
        <TextField<Values> name="code" label={texts.code} inputMode="numeric" autoComplete="one-time-code" autoFocus />
      )}
      {second === 'recovery_code' && (
        <TextField<Values> name="recovery_code" label={texts.recoveryCode} autoComplete="off" autoFocus />
      )}
      <Button type="submit" kind="primary" size="large" className="full" busy={saved.saving.isPending}>
        {way?.action ?? texts.signIn}
      </Button>
      {second !== 'none' && (
        <Button kind="quiet" onClick={() => setSecond(other)}>
          {second === 'code' ? texts.useRecovery : texts.useCode}
        </Button>
      )}
    </Form>
  );
}
