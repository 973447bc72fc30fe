import { useId, useState } from 'react';
import { useTexts } from '../../texts';
import { ReasonDialog } from '../parts/reason-dialog';
import { ACTS_TEXTS } from '../texts/tenant-acts';
import { eraseBuyer, tenantChanged } from './queries';

interface EraseBuyerProps {
  readonly tenantId: string;
  readonly onClose: () => void;
}

/** Erases a buyer of one workspace permanently. */
export function EraseBuyer({ tenantId, onClose }: EraseBuyerProps) {
  const acts = useTexts(ACTS_TEXTS);
  const id = useId();
  const [buyer, setBuyer] = useState('');
  return (
    <ReasonDialog
      title={acts.eraseTitle}
      sentence={acts.eraseText}
      effects={[
        { icon: 'x', text: acts.eraseGone },
        { icon: 'money', text: acts.eraseKept },
      ]}
      act={acts.eraseAct}
      isDangerous
      save={async (reason) => {
        await eraseBuyer(tenantId, Number(buyer), reason);
        await tenantChanged(tenantId);
      }}
      done={acts.erased}
      onClose={onClose}
    >
      <div className="f">
        <label htmlFor={id}>{acts.buyerId}</label>
        <div className="field">
          <input id={id} inputMode="numeric" value={buyer} onChange={(event) => setBuyer(event.target.value.trim())} />
        </div>
      </div>
    </ReasonDialog>
  );
}
