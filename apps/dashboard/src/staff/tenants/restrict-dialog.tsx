import type { ReactNode } from 'react';
import { useFormContext } from 'react-hook-form';
import type { Schema } from '#libs/client';
import { Button } from '../../parts/button';
import { Dialog } from '../../parts/dialog';
import { TextArea, TextField } from '../../parts/field';
import { Form, useSavedForm } from '../../parts/form';
import { Icon, type IconName } from '../../parts/icon';
import { fromLocal } from '../../parts/local-time';
import { Stars } from '../../parts/stars';
import { toast } from '../../parts/toast';
import { useFormat, useTexts } from '../../texts';
import { MOST } from '../parts/reason-dialog';
import { CONSOLE_TEXTS } from '../texts/console';
import { ACTS_TEXTS } from '../texts/tenant-acts';
import { TENANTS_TEXTS } from '../texts/tenants';
import { restrict, tenantChanged } from './queries';

type Degree = Schema<'RestrictTenant'>['state'];
const DEGREES: readonly Degree[] = ['warned', 'no_new_sales', 'outbound_stopped', 'locked'];
const NOTE = 2_000;

interface Values {
  state: Degree;
  reason: string;
  review: string;
  note: string;
}

interface RestrictDialogProps {
  readonly tenant: Schema<'StaffTenant'>;
  readonly onClose: () => void;
}

/** Lets staff choose a degree, lists what it stops, and shows what the creator will read. */
export function RestrictDialog({ tenant, onClose }: RestrictDialogProps) {
  const texts = useTexts(TENANTS_TEXTS);
  const acts = useTexts(ACTS_TEXTS);
  const { keep, states, required } = useTexts(CONSOLE_TEXTS);
  const degrees = DEGREES.filter((one) => one !== tenant.state);
  const saved = useSavedForm<Values, unknown>({
    defaults: { state: degrees[0] ?? 'warned', reason: '', review: '', note: '' },
    save: ({ state, reason, review, note }) => {
      const reviewAt = fromLocal(review);
      return restrict(tenant.id, {
        state,
        reason: reason.trim(),
        ...(reviewAt === null ? {} : { review_at: reviewAt }),
        ...(note.trim() === '' ? {} : { note: note.trim() }),
      });
    },
    onSaved: async () => {
      onClose();
      toast(acts.restricted);
      await tenantChanged(tenant.id);
    },
  });
  const state = saved.form.watch('state');
  return (
    <Dialog open onClose={onClose} title={acts.restrictTitle(tenant.name)} sentence={acts.restrictText}>
      <Form {...saved} className="grid gap-4">
        <fieldset className="degrees">
          <legend className="vh">{acts.degree}</legend>
          {degrees.map((degree) => (
            <label key={degree}>
              <input type="radio" value={degree} {...saved.form.register('state')} />
              <span>
                <span className="m">{states[degree]}</span> <span className="sm dim block">{texts.steps[degree]}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <Effects state={state} tenant={tenant} />
        <TextArea<Values>
          name="reason"
          label={acts.reasonToCreator}
          rows={2}
          most={MOST}
          maxLength={MOST}
          rules={{ validate: (text) => text.trim() !== '' || required }}
        />
        <div className="two">
          <TextField<Values> name="review" label={acts.review} type="datetime-local" />
          <TextField<Values> name="note" label={acts.note} placeholder={acts.noteHint} maxLength={NOTE} />
        </div>
        <Notice />
        <div className="acts">
          <Button onClick={onClose}>{keep}</Button>
          <Button type="submit" kind="danger" busy={saved.saving.isPending}>
            {states[state]}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}

/** Lists the effects of a restriction, with numbers, and everything that continues. */
function Effects({ state, tenant }: { readonly state: Degree; readonly tenant: Schema<'StaffTenant'> }) {
  const texts = useTexts(TENANTS_TEXTS);
  const acts = useTexts(ACTS_TEXTS);
  const bots = tenant.bots.filter((bot) => bot.state === 'active').length;
  const { orders, stars } = tenant.last_30_days;
  const sales = acts.salesStop(bots, orders, <Stars amount={stars} />);
  const lines: readonly (readonly [IconName, ReactNode])[] = [
    ...(state === 'warned' ? ([['alert', acts.nothingStops]] as const) : ([['slash', sales]] as const)),
    ...(state === 'outbound_stopped' || state === 'locked' ? ([['pause', acts.outboundWaits]] as const) : []),
    ...(state === 'locked' ? ([['lock', acts.nothingChanges]] as const) : []),
    ['check', texts.alwaysOpen],
  ];
  return (
    <ul className="what">
      {lines.map(([icon, text]) => (
        <li key={icon}>
          <Icon name={icon} />
          <span>{text}</span>
        </li>
      ))}
    </ul>
  );
}

/** The notice, as the creator reads it. */
function Notice() {
  const texts = useTexts(TENANTS_TEXTS);
  const acts = useTexts(ACTS_TEXTS);
  const { states } = useTexts(CONSOLE_TEXTS);
  const { full } = useFormat();
  const { watch } = useFormContext<Values>();
  const [state, reason, review] = watch(['state', 'reason', 'review']);
  const reviewAt = fromLocal(review);
  return (
    <div className="callout warn-c mt-0">
      <Icon name="alert" />
      <div className="grow">
        <p className="xs dim">{acts.theyRead}</p>
        <p className="m">{states[state]}</p>
        <p className="sm">
          {reason.trim() === '' ? '…' : reason.trim()} {reviewAt !== null && texts.reviewOn(full(reviewAt))}
        </p>
      </div>
    </div>
  );
}
