import { Link, useRouter, useSearch } from '@tanstack/react-router';
import { useTexts } from '../../texts';
import { ENTRY_TEXTS } from '../../texts/entry';
import { Door } from './door';
import { SignInForm } from '../../parts/sign-in-form';

export function SignInPage() {
  const texts = useTexts(ENTRY_TEXTS);
  const router = useRouter();
  const { next } = useSearch({ from: '/sign-in' });
  return (
    <Door title={texts.welcome} sentence={texts.motto}>
      <SignInForm onSignedIn={() => router.history.push(next ?? '/')} />
      <p className="mut">
        <Link to="/forgot-password">{texts.forgot}</Link>
      </p>
      <p className="mut">
        {texts.newHere} <Link to="/sign-up">{texts.makeWorkspace}</Link>
        {texts.takesAMinute}
      </p>
    </Door>
  );
}
