import { useMutation, useQuery } from '@tanstack/react-query';
import { useFormContext } from 'react-hook-form';
import type { Schema } from '#libs/client';
import { useCan } from '../../api/rights';
import { Button } from '../../parts/button';
import { CheckField } from '../../parts/check-field';
import { SelectField, TextField } from '../../parts/field';
import { Form, useSavedForm } from '../../parts/form';
import { Icon } from '../../parts/icon';
import { Part } from '../../parts/part';
import { personName } from '../../parts/person';
import { ProblemNote, ProblemPage } from '../../parts/problem';
import { Skeleton } from '../../parts/states';
import { toast } from '../../parts/toast';
import { useFormat, useTexts } from '../../texts';
import { ALERTS_TEXTS } from '../../texts/alerts';
import { alertsChanged, alertsQuery, newcomersQuery, setAlerts, stopAlerts } from './alert-queries';

type Alerts = Schema<'Alerts'>;
type Bot = Schema<'Bot'>;

/** The Telegram chat in which a bot tells its creator what happens. */
export function AlertsPart({ bots, first }: { readonly bots: readonly Bot[]; readonly first: boolean }) {
  const texts = useTexts(ALERTS_TEXTS);
  const { data: alerts, error, refetch } = useQuery(alertsQuery);
  return (
    <Part first={first} title={texts.title} text={texts.text}>
      {error !== null && alerts === undefined && <ProblemPage error={error} retry={() => void refetch()} />}
      {error === null && alerts === undefined && <Skeleton lines={4} />}
      {alerts !== undefined && alerts !== null && <State alerts={alerts} />}
      {alerts !== undefined && <AlertsForm key={alerts?.created_at} alerts={alerts} bots={bots} />}
    </Part>
  );
}

function State({ alerts }: { readonly alerts: Alerts }) {
  const texts = useTexts(ALERTS_TEXTS);
  const { number } = useFormat();
  if (alerts.reachable) return null;
  return (
    <div className="callout warn-c mt-0 mb-4" role="status">
      <Icon name="alert" />
      <div className="grow">
        <p className="m">{texts.unreachable}</p>
        <p className="sm">{texts.unreachableText(number(alerts.missed))}</p>
      </div>
    </div>
  );
}

interface Values {
  bot_id: string;
  telegram_id: number | undefined;
  sales: boolean;
  failures: boolean;
  support: boolean;
}

const isId = (value: unknown) => Number.isSafeInteger(value) && Number(value) > 0;

function AlertsForm({ alerts, bots }: { readonly alerts: Alerts | null; readonly bots: readonly Bot[] }) {
  const texts = useTexts(ALERTS_TEXTS);
  const can = useCan();
  const saved = useSavedForm<Values, Alerts>({
    defaults: {
      bot_id: alerts?.bot_id ?? bots[0]?.id ?? '',
      telegram_id: alerts?.telegram_id,
      sales: alerts?.sales ?? false,
      failures: alerts?.failures ?? true,
      support: alerts?.support ?? true,
    },
    save: ({ telegram_id: id = 0, ...values }) => setAlerts({ ...values, telegram_id: id }),
    onSaved: async () => {
      toast(texts.saved);
      await alertsChanged();
    },
  });
  const stopping = useMutation({
    mutationFn: stopAlerts,
    onSuccess: async () => {
      toast(texts.stopped);
      await alertsChanged();
    },
  });
  return (
    <Form {...saved} className="grid max-w-160 gap-4">
      <fieldset disabled={!can('endpoints:write')} className="contents">
        <SelectField<Values>
          name="bot_id"
          label={texts.bot}
          choices={bots.map(({ id, name }) => ({ value: id, label: name }))}
        />
        <TextField<Values>
          name="telegram_id"
          label={texts.person}
          hint={texts.personHint}
          whole
          rules={{ validate: (value) => isId(value) || texts.wrongId }}
        />
        <Newcomers />
        <CheckField<Values> name="sales" label={texts.sales} hint={texts.salesHint} />
        <CheckField<Values> name="failures" label={texts.failures} hint={texts.failuresHint} />
        <CheckField<Values> name="support" label={texts.support} hint={texts.supportHint} />
        {stopping.isError && <ProblemNote error={stopping.error} />}
        {can('endpoints:write') && (
          <div className="row flex-wrap">
            <Button type="submit" kind="primary" busy={saved.saving.isPending}>
              {alerts === null ? texts.begin : texts.save}
            </Button>
            {alerts !== null && (
              <Button busy={stopping.isPending} onClick={() => stopping.mutate()}>
                {texts.stop}
              </Button>
            )}
          </div>
        )}
      </fieldset>
    </Form>
  );
}

/** The creator, among those who have just pressed Start. */
function Newcomers() {
  const texts = useTexts(ALERTS_TEXTS);
  const { watch, setValue } = useFormContext<Values>();
  const { data: people = [] } = useQuery(newcomersQuery(watch('bot_id')));
  if (people.length === 0) return null;
  return (
    <div className="row flex-wrap gap-2" role="group" aria-label={texts.areYou}>
      <span className="sm dim">{texts.areYou}</span>
      {people.map((one) => (
        <Button
          key={one.telegram_id}
          size="small"
          aria-pressed={watch('telegram_id') === one.telegram_id}
          onClick={() => setValue('telegram_id', one.telegram_id, { shouldValidate: true, shouldDirty: true })}
        >
          {personName(one)}
        </Button>
      ))}
    </div>
  );
}
