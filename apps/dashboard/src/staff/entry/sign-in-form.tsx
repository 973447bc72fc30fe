import { useState } from 'react';
import type { Schema } from '#libs/client';
import { Button } from '../../parts/button';
import { TextField } from '../../parts/field';
import { Form, useSavedForm } from '../../parts/form';
import { PasswordField } from '../../parts/password-field';
import { useTexts } from '../../texts';
import { ENTRY_TEXTS } from '../../texts/entry';
import { staffSession } from '../api/session';
import { STAFF_ENTRY_TEXTS } from '../texts/entry';
import { RecoveryCodes } from './recovery-codes';
import { SecondStep } from './second-step';

interface StaffSignInFormProps {
  readonly email?: string;
  readonly onSignedIn: () => unknown;
}

/**
 * Address and password, then a code. The first time the code confirms a new authenticator, and the recovery codes are
 * shown before anything else.
 */
export function StaffSignInForm({ email = '', onSignedIn }: StaffSignInFormProps) {
  const [challenge, setChallenge] = useState<Schema<'StaffChallenge'>>();
  const [codes, setCodes] = useState<readonly string[]>();
  if (codes !== undefined) return <RecoveryCodes codes={codes} onKept={onSignedIn} />;
  if (challenge === undefined) return <FirstStep email={email} onAsked={setChallenge} />;
  return (
    <SecondStep
      challenge={challenge}
      onBack={() => setChallenge(undefined)}
      onConfirmed={(made) => (made === null ? onSignedIn() : setCodes(made))}
    />
  );
}

type Values = Schema<'StaffBrowserLogIn'>;

interface FirstStepProps {
  readonly email: string;
  readonly onAsked: (challenge: Schema<'StaffChallenge'>) => void;
}

function FirstStep({ email, onAsked }: FirstStepProps) {
  const texts = useTexts(ENTRY_TEXTS);
  const { goOn } = useTexts(STAFF_ENTRY_TEXTS);
  const saved = useSavedForm<Values, Schema<'StaffChallenge'>>({
    defaults: { email, password: '' },
    save: (values) => staffSession.ask(values),
    onSaved: onAsked,
  });
  return (
    <Form {...saved} className="grid gap-4">
      <TextField<Values> name="email" label={texts.email} type="email" autoComplete="username" />
      <PasswordField<Values> name="password" label={texts.password} autoComplete="current-password" />
      <Button type="submit" kind="primary" size="large" className="full" busy={saved.saving.isPending}>
        {goOn}
      </Button>
    </Form>
  );
}
