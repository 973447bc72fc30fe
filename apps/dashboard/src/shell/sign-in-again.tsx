import { useQuery } from '@tanstack/react-query';
import { meQuery } from '../api/everywhere';
import { queryClient } from '../api/client';
import { SignInForm } from '../parts/sign-in-form';
import { Dialog } from '../parts/dialog';
import { useTexts } from '../texts';
import { SHELL_TEXTS } from '../texts/shell';

/** The session has ended in the middle of something: the page stays as it is, with all that was typed. */
export const SignInAgain = () => {
  const texts = useTexts(SHELL_TEXTS);
  const { data: me } = useQuery({ ...meQuery, enabled: false });
  return (
    <Dialog open onClose={() => undefined} title={texts.endedTitle} sentence={texts.endedText}>
      <SignInForm email={me?.email ?? ''} onSignedIn={() => queryClient.invalidateQueries()} />
    </Dialog>
  );
};
