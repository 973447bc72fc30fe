import { useRouter, useSearch } from '@tanstack/react-router';
import { Door } from '../../pages/entry/door';
import { useTexts } from '../../texts';
import { STAFF_ENTRY_TEXTS } from '../texts/entry';
import { StaffSignInForm } from './sign-in-form';

export function SignInPage() {
  const texts = useTexts(STAFF_ENTRY_TEXTS);
  const router = useRouter();
  const { next } = useSearch({ from: '/staff/sign-in' });
  return (
    <Door title={texts.title} sentence={texts.sentence}>
      <StaffSignInForm onSignedIn={() => router.history.push(next ?? '/staff')} />
    </Door>
  );
}
