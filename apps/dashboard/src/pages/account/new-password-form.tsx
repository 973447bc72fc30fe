import type { Schema } from '#libs/client';
import { Button } from '../../parts/button';
import { Form, useSavedForm } from '../../parts/form';
import { PasswordField } from '../../parts/password-field';
import { useTexts } from '../../texts';
import { ACCOUNT_TEXTS } from '../../texts/account';

type Values = Pick<Schema<'NewPasswordByLink'>, 'new_password'>;

interface NewPasswordFormProps {
  readonly save: (password: string) => Promise<unknown>;
  readonly onSaved: () => void;
}

export function NewPasswordForm({ save, onSaved }: NewPasswordFormProps) {
  const texts = useTexts(ACCOUNT_TEXTS);
  const saved = useSavedForm<Values, unknown>({
    defaults: { new_password: '' },
    save: ({ new_password: password }) => save(password),
    onSaved,
  });
  return (
    <Form {...saved} className="grid gap-4">
      <PasswordField<Values>
        name="new_password"
        label={texts.newPassword}
        hint={texts.passwordHint}
        autoComplete="new-password"
      />
      <Button type="submit" kind="primary" size="large" className="full" busy={saved.saving.isPending}>
        {texts.savePassword}
      </Button>
    </Form>
  );
}
