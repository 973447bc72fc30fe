import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { queryClient } from '../../api/client';
import { session } from '../../api/session';
import { ProblemNote } from '../../parts/problem';
import { SignInForm } from '../../parts/sign-in-form';
import { Skeleton } from '../../parts/states';
import { useTexts } from '../../texts';
import { ACCOUNT_TEXTS } from '../../texts/account';
import { Door } from '../entry/door';
import { useLinkToken } from './link-token';
import { invitationQuery } from './queries';

/** Accepts an invitation to a workspace, with the password of an existing account or of a new one. */
export function JoinPage() {
  const texts = useTexts(ACCOUNT_TEXTS);
  const navigate = useNavigate();
  const token = useLinkToken();
  const { data: invitation, error } = useQuery({ ...invitationQuery(token), enabled: token !== '' });
  if (token === '') return <Door title={texts.noToken} sentence={texts.noTokenText} children={null} />;
  if (invitation === undefined) {
    return (
      <Door title={texts.joinIt} sentence="">
        {error === null ? <Skeleton lines={2} /> : <ProblemNote error={error} />}
      </Door>
    );
  }
  const onJoined = () => {
    queryClient.clear();
    return navigate({ to: '/' });
  };
  return (
    <Door
      title={texts.join(invitation.workspace)}
      sentence={texts.joinText(invitation.invited_by, texts.roles[invitation.role])}
    >
      <SignInForm
        email={invitation.email}
        onSignedIn={onJoined}
        other={{
          enter: (proof) => session.join({ token, ...proof }),
          action: texts.joinIt,
          passwordHint: texts.joinPassword,
        }}
      />
    </Door>
  );
}
