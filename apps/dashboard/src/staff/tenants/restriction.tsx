import { useState } from 'react';
import type { Schema } from '#libs/client';
import { Button } from '../../parts/button';
import { Icon } from '../../parts/icon';
import { useFormat, useTexts } from '../../texts';
import { useColleague, useStaffCan } from '../api/me';
import { CONSOLE_TEXTS } from '../texts/console';
import { TENANTS_TEXTS } from '../texts/tenants';
import { LiftDialog } from './lift-dialog';
import { RestrictDialog } from './restrict-dialog';

const STEPS = ['active', 'warned', 'no_new_sales', 'outbound_stopped', 'locked'] as const;

interface RestrictionProps {
  readonly tenant: Schema<'StaffTenant'>;
}

/** Shows the ladder of restrictions with the current step, and lets staff choose another. */
export function Restriction({ tenant }: RestrictionProps) {
  const texts = useTexts(TENANTS_TEXTS);
  const { states } = useTexts(CONSOLE_TEXTS);
  const can = useStaffCan();
  const [asking, setAsking] = useState<'restrict' | 'lift'>();
  const sinceText = useSince(tenant);
  if (tenant.state === 'closed') return null;
  const isFree = tenant.state === 'active';
  return (
    <section className="sec">
      <div className="sh">
        <h2>{texts.restriction}</h2>
        <span className="more hide-s">{texts.alwaysOpen}</span>
      </div>
      <ol className="ladder">
        {STEPS.map((step) => {
          const isOn = step === tenant.state;
          return (
            <li
              key={step}
              className={isOn ? `on ${isFree ? 'fine' : ''}` : undefined}
              aria-current={isOn ? 'step' : undefined}
            >
              <b>
                {isOn && !isFree && <Icon name="alert" small />}
                {step === 'active' ? texts.unrestricted : states[step]}
              </b>
              {isOn && !isFree ? sinceText : texts.steps[step]}
            </li>
          );
        })}
      </ol>
      <div className="row mt-3 flex-wrap">
        <Reason tenant={tenant} />
        {can('tenants:restrict') && (
          <>
            {!isFree && (
              <Button size="small" onClick={() => setAsking('lift')}>
                {texts.lift}
              </Button>
            )}
            <Button size="small" kind="danger-words" onClick={() => setAsking('restrict')}>
              {isFree ? texts.restrict : texts.changeRestriction}
            </Button>
          </>
        )}
      </div>
      {asking === 'restrict' && <RestrictDialog tenant={tenant} onClose={() => setAsking(undefined)} />}
      {asking === 'lift' && <LiftDialog tenant={tenant} onClose={() => setAsking(undefined)} />}
    </section>
  );
}

function useSince({ history }: Schema<'StaffTenant'>): string {
  const texts = useTexts(TENANTS_TEXTS);
  const { shortDay } = useFormat();
  const colleague = useColleague();
  const [latest] = history;
  if (latest === undefined) return '';
  const by = latest.staff_id === null ? undefined : colleague(latest.staff_id)?.split('@')[0];
  return texts.sinceBy(shortDay(latest.at), by);
}

/** Shows the reason as the creator reads it. */
function Reason({ tenant: { state, history } }: RestrictionProps) {
  const texts = useTexts(TENANTS_TEXTS);
  const { full } = useFormat();
  const [latest] = history;
  if (state === 'active') return <p className="sm mut grow w100">{texts.nothingShown}</p>;
  return (
    <p className="sm mut grow w100">
      {texts.reasonShown(latest?.reason ?? '')}
      {typeof latest?.review_at === 'string' && ` ${texts.reviewOn(full(latest.review_at))}`}
    </p>
  );
}
