import { useTexts } from '../../texts';
import { ACCOUNT_TEXTS } from '../../texts/account';
import { LinkPage } from './link-page';
import { NewPasswordForm } from './new-password-form';
import { completeReset } from './queries';

export function ResetPasswordPage() {
  const texts = useTexts(ACCOUNT_TEXTS);
  return (
    <LinkPage<void>
      before={{ title: texts.newPassword, sentence: texts.newPasswordText }}
      after={() => ({ title: texts.saved, sentence: texts.savedText })}
    >
      {(token, done) => (
        <NewPasswordForm save={(password) => completeReset({ token, new_password: password })} onSaved={() => done()} />
      )}
    </LinkPage>
  );
}
