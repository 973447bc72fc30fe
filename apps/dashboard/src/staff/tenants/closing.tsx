import { useState } from 'react';
import type { Schema } from '#libs/client';
import { Button } from '../../parts/button';
import { Icon } from '../../parts/icon';
import { useFormat, useTexts } from '../../texts';
import { useStaffCan } from '../api/me';
import { ReasonDialog } from '../parts/reason-dialog';
import { ACTS_TEXTS } from '../texts/tenant-acts';
import { cancelClosing, tenantChanged } from './queries';

/** The notice of a pending closure, above everything else. */
export function Closing({ tenant }: { readonly tenant: Schema<'StaffTenant'> }) {
  const acts = useTexts(ACTS_TEXTS);
  const { day } = useFormat();
  const can = useStaffCan();
  const [asking, setAsking] = useState(false);
  const { closure } = tenant;
  if (closure === null) return null;
  return (
    <div className="callout bad-c">
      <Icon name="alert" />
      <div className="grow">
        <p className="m">{acts.closesOn(day(closure.due_at))}</p>
        <p className="sm">{closure.reason === null ? acts.noReason : acts.because(closure.reason)}</p>
      </div>
      {can('tenants:close') && <Button onClick={() => setAsking(true)}>{acts.cancelClosing}</Button>}
      {asking && (
        <ReasonDialog
          title={acts.cancelClosingTitle(tenant.name)}
          sentence={acts.cancelClosingText}
          act={acts.cancelClosing}
          save={async (reason) => {
            await cancelClosing(tenant.id, reason);
            await tenantChanged(tenant.id);
          }}
          done={acts.closingCancelled}
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  );
}
