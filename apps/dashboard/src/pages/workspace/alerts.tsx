import { useQuery } from '@tanstack/react-query';
import { botsQuery } from '../../api/everywhere';
import { useCan } from '../../api/rights';
import { LinkButton } from '../../parts/button';
import { ProblemPage } from '../../parts/problem';
import { Empty, Skeleton } from '../../parts/states';
import { useTexts } from '../../texts';
import { ALERTS_TEXTS } from '../../texts/alerts';
import { AlertsPart } from './alerts-form';
import { MailAlertsPart } from './mail-alerts';

/** Notifies the shop's people in Telegram and by email of what happens there. */
export function Alerts() {
  const texts = useTexts(ALERTS_TEXTS);
  const can = useCan();
  const { data: bots, error, refetch } = useQuery(botsQuery);
  if (bots === undefined)
    return error === null ? <Skeleton /> : <ProblemPage error={error} retry={() => void refetch()} />;
  return (
    <>
      {can('self') && <MailAlertsPart first />}
      {bots.length > 0 ? (
        <AlertsPart bots={bots} first={!can('self')} />
      ) : (
        <Empty title={texts.noBotTitle} text={texts.noBotText}>
          <LinkButton to="/bots">{texts.toBots}</LinkButton>
        </Empty>
      )}
    </>
  );
}
