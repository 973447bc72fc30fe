import { useSuspenseQuery } from '@tanstack/react-query';
import { Button } from '../../parts/button';
import { Dialog } from '../../parts/dialog';
import { SelectField, TextArea, TextField } from '../../parts/field';
import { Form, useSavedForm } from '../../parts/form';
import { toast } from '../../parts/toast';
import { useTexts } from '../../texts';
import { MOST } from '../parts/reason-dialog';
import { CONSOLE_TEXTS } from '../texts/console';
import { PLANS_TEXTS } from '../texts/plans';
import { type LimitName, setLimit, tenantChanged, usageQuery } from './queries';

interface Values {
  name: LimitName;
  value: number | undefined;
  reason: string;
}

interface SetLimitProps {
  readonly tenantId: string;
  readonly onClose: () => void;
}

/** Overrides one limit of the plan; an empty field restores the plan's. */
export function SetLimit({ tenantId, onClose }: SetLimitProps) {
  const texts = useTexts(PLANS_TEXTS);
  const { keep, reason, reasonHint, required } = useTexts(CONSOLE_TEXTS);
  const { data: usage } = useSuspenseQuery(usageQuery(tenantId));
  const names = usage.data.map((one) => one.name);
  const saved = useSavedForm<Values, unknown>({
    defaults: { name: names[0] ?? 'bots', value: undefined, reason: '' },
    save: ({ name, value, reason: why }) => setLimit(tenantId, name, { value: value ?? null, reason: why.trim() }),
    onSaved: async () => {
      onClose();
      toast(texts.limitSet);
      await tenantChanged(tenantId);
    },
  });
  return (
    <Dialog open onClose={onClose} title={texts.limitTitle} sentence={texts.limitText}>
      <Form {...saved} className="grid gap-4">
        <SelectField<Values>
          name="name"
          label={texts.limit}
          choices={names.map((name) => ({ value: name, label: texts.limits[name] }))}
        />
        <TextField<Values>
          name="value"
          label={texts.value}
          placeholder={texts.asPlanned}
          whole
          rules={{
            validate: (value) => value === undefined || (Number.isInteger(value) && Number(value) >= 0) || texts.whole,
          }}
        />
        <TextArea<Values>
          name="reason"
          label={reason}
          hint={reasonHint}
          most={MOST}
          maxLength={MOST}
          rules={{ validate: (text) => String(text).trim() !== '' || required }}
        />
        <div className="acts">
          <Button onClick={onClose}>{keep}</Button>
          <Button type="submit" kind="primary" busy={saved.saving.isPending}>
            {texts.setLimit}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
