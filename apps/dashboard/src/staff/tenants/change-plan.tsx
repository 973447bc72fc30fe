import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTexts } from '../../texts';
import { ReasonDialog } from '../parts/reason-dialog';
import { PLANS_TEXTS } from '../texts/plans';
import { changePlan, plansQuery, tenantChanged } from './queries';

interface ChangePlanProps {
  readonly tenantId: string;
  /** The id of the plan that is in force. */
  readonly current: string;
  readonly onClose: () => void;
}

export function ChangePlan({ tenantId, current, onClose }: ChangePlanProps) {
  const texts = useTexts(PLANS_TEXTS);
  const { data: plans = [] } = useQuery(plansQuery);
  const others = plans.filter(({ id }) => id !== current);
  const [picked, setPlan] = useState<string>();
  const plan = picked ?? others[0]?.id ?? current;
  return (
    <ReasonDialog
      title={texts.changeTitle}
      sentence={texts.changeText}
      act={texts.change}
      save={async (reason) => {
        await changePlan(tenantId, { plan, reason });
        await tenantChanged(tenantId);
      }}
      done={texts.changed}
      onClose={onClose}
    >
      <fieldset className="degrees">
        <legend className="vh">{texts.title}</legend>
        {others.map(({ id, name, limits }) => (
          <label key={id}>
            <input type="radio" name="plan" value={id} checked={id === plan} onChange={() => setPlan(id)} />
            <span>
              <span className="m">{name}</span> <span className="sm dim block">{texts.inShort(limits)}</span>
            </span>
          </label>
        ))}
      </fieldset>
    </ReasonDialog>
  );
}
