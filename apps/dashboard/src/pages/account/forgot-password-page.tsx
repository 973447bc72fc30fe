import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schema } from '#libs/client';
import { installationQuery } from '../../api/everywhere';
import { Button, OutLink } from '../../parts/button';
import { TextField } from '../../parts/field';
import { Form, useSavedForm } from '../../parts/form';
import { useTexts } from '../../texts';
import { ACCOUNT_TEXTS } from '../../texts/account';
import { ENTRY_TEXTS } from '../../texts/entry';
import { Door } from '../entry/door';
import { requestReset } from './queries';

type Values = Schema<'RequestPasswordReset'>;

export function ForgotPasswordPage() {
  const texts = useTexts(ACCOUNT_TEXTS);
  const { email } = useTexts(ENTRY_TEXTS);
  const [isSent, setSent] = useState(false);
  const saved = useSavedForm<Values, unknown>({
    defaults: { email: '' },
    save: requestReset,
    onSaved: () => setSent(true),
  });
  if (isSent) return <Sent />;
  return (
    <Door title={texts.forgot} sentence={texts.forgotText}>
      <Form {...saved} className="grid gap-4">
        <TextField<Values> name="email" label={email} type="email" autoComplete="username" />
        <Button type="submit" kind="primary" size="large" className="full" busy={saved.saving.isPending}>
          {texts.sendLink}
        </Button>
      </Form>
      <Back />
    </Door>
  );
}

function Sent() {
  const texts = useTexts(ACCOUNT_TEXTS);
  const { data: installation } = useQuery(installationQuery);
  const simulator = installation?.simulator_url ?? null;
  return (
    <Door title={texts.sent} sentence={texts.sentText}>
      {simulator !== null && (
        <OutLink size="large" className="full" href={`${simulator}/mails.html`}>
          {texts.simulated}
        </OutLink>
      )}
      <Back />
    </Door>
  );
}

function Back() {
  const texts = useTexts(ACCOUNT_TEXTS);
  return (
    <p className="mut">
      <Link to="/sign-in">{texts.backToSignIn}</Link>
    </p>
  );
}
