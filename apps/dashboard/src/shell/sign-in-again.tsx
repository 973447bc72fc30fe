import { useQuery } from '@tanstack/react-query';
import { meQuery } from '../api/everywhere';
import { queryClient } from '../api/client';
import { SignInForm } from '../parts/sign-in-form';
import { Dialog } from '../parts/dialog';
import { useTexts } from '../texts';
import { SHELL_TEXTS } from '../texts/shell';

/** Shown when the session ends during a visit: the page behind it keeps everything that was typed. */
export const SignInAgain = () => {
  const texts = useTexts(SHELL_TEXTS);
  const { data: me } = useQuery({ ...meQuery, enabled: false });
  return (
    <Dialog open onClose={() => undefined} title={texts.endedTitle} sentence={texts.endedText}>
      <SignInForm email={me?.email ?? ''} onSignedIn={() => queryClient.invalidateQueries()} />
    </Dialog>
  );
};
