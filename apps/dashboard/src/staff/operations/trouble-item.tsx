import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Button } from '../../parts/button';
import { Coin } from '../../parts/coin';
import { IdChip } from '../../parts/id-chip';
import { Time } from '../../parts/time';
import { useTexts } from '../../texts';
import { useStaffCan } from '../api/me';
import { ReasonDialog } from '../parts/reason-dialog';
import { OPERATIONS_TEXTS } from '../texts/operations';
import { isStep, STEPS, type StepName } from './actions';
import { operationsChanged, type Trouble } from './queries';

const isId = (subject: string) => /^[a-z]+_[0-9a-z]{20,}$/.test(subject);

/** Shows one stuck item: its subject, its error, and the steps that the API offers to this role. */
export function TroubleItem({ trouble }: { readonly trouble: Trouble }) {
  const texts = useTexts(OPERATIONS_TEXTS);
  const can = useStaffCan();
  const [asking, setAsking] = useState<StepName>();
  const steps = trouble.actions.filter(isStep).filter((name) => can(STEPS[name].permission));
  return (
    <li>
      <Coin name={trouble.severity === 'bad' ? 'failed' : 'warned'} />
      <div className="min-w-0">
        <p className="row flex-wrap">
          <span className="m wrap-anywhere">{trouble.detail}</span>
          {isId(trouble.subject) ? (
            <IdChip id={trouble.subject} />
          ) : (
            <code className="dim wrap-anywhere">{trouble.subject}</code>
          )}
        </p>
        {trouble.error !== null && <p className="sm bad wrap-anywhere">{trouble.error}</p>}
        <p className="row sm dim flex-wrap">
          <Link className="link" to="/staff/tenants/$id" params={{ id: trouble.tenant_id }}>
            {texts.workspace}
          </Link>
          <IdChip id={trouble.tenant_id} />
          {trouble.bot_id !== null && trouble.bot_id !== trouble.subject && (
            <>
              {texts.bot} <IdChip id={trouble.bot_id} />
            </>
          )}
        </p>
      </div>
      <span className="sm dim nw">
        <Time at={trouble.since} />
      </span>
      {steps.length > 0 && (
        <div className="acts-l">
          {steps.map((name) => (
            <Button
              key={name}
              size="small"
              {...('isDangerous' in STEPS[name] ? ({ kind: 'danger-words' } as const) : {})}
              onClick={() => setAsking(name)}
            >
              {texts.steps[name].act}
            </Button>
          ))}
        </div>
      )}
      {asking !== undefined && <StepDialog name={asking} trouble={trouble} onClose={() => setAsking(undefined)} />}
    </li>
  );
}

interface StepDialogProps {
  readonly name: StepName;
  readonly trouble: Trouble;
  readonly onClose: () => void;
}

function StepDialog({ name, trouble, onClose }: StepDialogProps) {
  const texts = useTexts(OPERATIONS_TEXTS);
  const { act, title, effect } = texts.steps[name];
  const isDangerous = 'isDangerous' in STEPS[name];
  return (
    <ReasonDialog
      title={title}
      sentence={trouble.detail}
      effects={[{ icon: isDangerous ? 'x' : 'redo', text: effect }]}
      act={act}
      isDangerous={isDangerous}
      save={async (reason) => {
        await STEPS[name].take(trouble, reason);
        await operationsChanged();
      }}
      done={texts.asked}
      onClose={onClose}
    />
  );
}
