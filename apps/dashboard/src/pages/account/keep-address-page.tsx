import { useTexts } from '../../texts';
import { ACCOUNT_TEXTS } from '../../texts/account';
import { LinkPage } from './link-page';
import { NewPasswordForm } from './new-password-form';
import { keepAddress } from './queries';

export function KeepAddressPage() {
  const texts = useTexts(ACCOUNT_TEXTS);
  return (
    <LinkPage<void>
      before={{ title: texts.keep, sentence: texts.keepText }}
      after={() => ({ title: texts.kept, sentence: texts.keptText })}
    >
      {(token, done) => (
        <NewPasswordForm save={(password) => keepAddress({ token, new_password: password })} onSaved={() => done()} />
      )}
    </LinkPage>
  );
}
