import { useMutation } from '@tanstack/react-query';
import type { Schema } from '#libs/client';
import { queryClient } from '../../api/client';
import { meQuery } from '../../api/everywhere';
import { Button, LinkButton } from '../../parts/button';
import { ProblemNote } from '../../parts/problem';
import { useTexts } from '../../texts';
import { ACCOUNT_TEXTS } from '../../texts/account';
import { LinkPage } from './link-page';
import { confirmAddress } from './queries';

type Confirmed = Schema<'ConfirmedAddress'>;

interface ConfirmProps {
  readonly token: string;
  readonly onConfirmed: (confirmed: Confirmed) => void;
}

/** Waits for a click, because virus scanners also open the links in emails. */
function Confirm({ token, onConfirmed }: ConfirmProps) {
  const texts = useTexts(ACCOUNT_TEXTS);
  const confirming = useMutation({
    mutationFn: () => confirmAddress(token),
    onSuccess: async (confirmed) => {
      await queryClient.invalidateQueries({ queryKey: meQuery.queryKey });
      onConfirmed(confirmed);
    },
  });
  return (
    <>
      <Button
        kind="primary"
        size="large"
        className="full"
        busy={confirming.isPending}
        onClick={() => confirming.mutate()}
      >
        {texts.confirmIt}
      </Button>
      {confirming.isError && <ProblemNote error={confirming.error} />}
    </>
  );
}

export function ConfirmAddressPage() {
  const texts = useTexts(ACCOUNT_TEXTS);
  return (
    <LinkPage<Confirmed>
      before={{ title: texts.confirm, sentence: texts.confirmText }}
      after={({ email }) => ({ title: texts.confirmed, sentence: texts.confirmedText(email) })}
      onward={
        <LinkButton kind="primary" size="large" className="full" to="/">
          {texts.toDashboard}
        </LinkButton>
      }
    >
      {(token, done) => <Confirm token={token} onConfirmed={done} />}
    </LinkPage>
  );
}
