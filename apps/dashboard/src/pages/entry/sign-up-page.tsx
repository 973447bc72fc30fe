import { Link, useNavigate } from '@tanstack/react-router';
import type { Schema } from '#libs/client';
import { session } from '../../api/session';
import { Button } from '../../parts/button';
import { TextField } from '../../parts/field';
import { Form, useSavedForm } from '../../parts/form';
import { useTexts } from '../../texts';
import { ENTRY_TEXTS } from '../../texts/entry';
import { Door } from './door';
import { PasswordField } from '../../parts/password-field';

type Values = Schema<'SignUp'>;

export function SignUpPage() {
  const texts = useTexts(ENTRY_TEXTS);
  const navigate = useNavigate();
  const saved = useSavedForm<Values, void>({
    defaults: { workspace: '', email: '', password: '' },
    save: (values) => session.signUp(values),
    onSaved: () => navigate({ to: '/' }),
  });
  return (
    <Door title={texts.begin} sentence={texts.beginText}>
      <Form {...saved} className="grid gap-4">
        <TextField<Values>
          name="workspace"
          label={texts.workspace}
          hint={texts.workspaceHint}
          autoComplete="organization"
        />
        <TextField<Values> name="email" label={texts.email} type="email" autoComplete="username" />
        <PasswordField<Values>
          name="password"
          label={texts.password}
          hint={texts.passwordHint}
          autoComplete="new-password"
        />
        <Button type="submit" kind="primary" size="large" className="full" busy={saved.saving.isPending}>
          {texts.create}
        </Button>
      </Form>
      <p className="mut">
        {texts.known} <Link to="/sign-in">{texts.toSignIn}</Link>
      </p>
    </Door>
  );
}
