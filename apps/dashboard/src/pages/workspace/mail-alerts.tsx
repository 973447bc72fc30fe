import { useQuery } from '@tanstack/react-query';
import type { Schema } from '#libs/client';
import { useCan } from '../../api/rights';
import { Button, LinkButton } from '../../parts/button';
import { CheckField } from '../../parts/check-field';
import { Form, useSavedForm } from '../../parts/form';
import { Icon } from '../../parts/icon';
import { Part } from '../../parts/part';
import { ProblemPage } from '../../parts/problem';
import { Skeleton } from '../../parts/states';
import { toast } from '../../parts/toast';
import { useTexts } from '../../texts';
import { MAIL_ALERTS_TEXTS } from '../../texts/mail-alerts';
import { alertsChanged, mailAlertsQuery, setMailAlerts } from './alert-queries';

type MailAlerts = Schema<'MailAlerts'>;

/** The alerts that a member gets by email. */
export function MailAlertsPart({ first }: { readonly first: boolean }) {
  const texts = useTexts(MAIL_ALERTS_TEXTS);
  const { data: alerts, error, refetch } = useQuery(mailAlertsQuery);
  return (
    <Part first={first} title={texts.title} text={texts.text}>
      {error !== null && alerts === undefined && <ProblemPage error={error} retry={() => void refetch()} />}
      {error === null && alerts === undefined && <Skeleton lines={4} />}
      {alerts !== undefined && <State state={alerts.state} />}
      {alerts !== undefined && <MailAlertsForm alerts={alerts} />}
    </Part>
  );
}

function State({ state }: Pick<MailAlerts, 'state'>) {
  const texts = useTexts(MAIL_ALERTS_TEXTS);
  if (state === 'on') return null;
  return (
    <div className="callout warn-c mt-0 mb-4" role="status">
      <Icon name="alert" />
      <p className="m grow">{state === 'unavailable' ? texts.unavailable : texts.unconfirmed}</p>
      {state === 'address_unconfirmed' && (
        <LinkButton size="small" to="/workspace/$tab" params={{ tab: 'security' }}>
          {texts.confirm}
        </LinkButton>
      )}
    </div>
  );
}

function MailAlertsForm({ alerts }: { readonly alerts: MailAlerts }) {
  const texts = useTexts(MAIL_ALERTS_TEXTS);
  const can = useCan();
  const { failures, warnings, sales, support } = alerts;
  const saved = useSavedForm<Schema<'SetMailAlerts'>, MailAlerts>({
    defaults: { failures, warnings, sales, support },
    save: setMailAlerts,
    onSaved: async () => {
      toast(texts.saved);
      await alertsChanged();
    },
  });
  return (
    <Form {...saved} className="grid max-w-160 gap-4">
      <fieldset disabled={alerts.state === 'unavailable'} className="contents">
        <CheckField name="failures" label={texts.failures} hint={texts.failuresHint} />
        <CheckField name="warnings" label={texts.warnings} hint={texts.warningsHint} />
        <CheckField name="sales" label={texts.sales} hint={texts.salesHint} />
        {can('support:read') && <CheckField name="support" label={texts.support} hint={texts.supportHint} />}
        <div className="row">
          <Button type="submit" kind="primary" busy={saved.saving.isPending}>
            {texts.save}
          </Button>
        </div>
      </fieldset>
    </Form>
  );
}
