import { useMutation, useSuspenseQuery } from '@tanstack/react-query';
import { installationQuery, meQuery } from '../../api/everywhere';
import { Button } from '../../parts/button';
import { Icon } from '../../parts/icon';
import { ProblemNote } from '../../parts/problem';
import { toast } from '../../parts/toast';
import { useTexts } from '../../texts';
import { ACCOUNT_TEXTS } from '../../texts/account';
import { sendConfirmation } from './queries';

/** Asks to confirm the account's address until it is confirmed. */
export function ConfirmNotice() {
  const texts = useTexts(ACCOUNT_TEXTS);
  const { data: me } = useSuspenseQuery(meQuery);
  const { data: installation } = useSuspenseQuery(installationQuery);
  const sending = useMutation({ mutationFn: sendConfirmation, onSuccess: () => toast(texts.sentAgain) });
  if (me.email_confirmed_at !== null || !installation.sends_mail) return null;
  return (
    <>
      <div className="callout mt-0 mb-5 max-phone:mt-4 bg-sunken">
        <Icon name="mail" />
        <p className="grow">
          <b>{texts.confirmNotice}</b> {texts.confirmNoticeText(me.email)}
        </p>
        <Button size="small" busy={sending.isPending} onClick={() => sending.mutate()}>
          {texts.sendAgain}
        </Button>
      </div>
      {sending.isError && <ProblemNote error={sending.error} />}
    </>
  );
}
