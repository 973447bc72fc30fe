import { useState } from 'react';
import type { Schema } from '#libs/client';
import { Button } from '../../parts/button';
import { Stars } from '../../parts/stars';
import { useTexts } from '../../texts';
import { useStaffCan } from '../api/me';
import { ReasonDialog } from '../parts/reason-dialog';
import { ACTS_TEXTS } from '../texts/tenant-acts';
import { EraseBuyer } from './erase-buyer';
import { closeTenant, tenantChanged } from './queries';

/** Carries out people's requests: to erase a buyer, and to close the workspace. */
export function Rights({ tenant }: { readonly tenant: Schema<'StaffTenant'> }) {
  const acts = useTexts(ACTS_TEXTS);
  const can = useStaffCan();
  const [asking, setAsking] = useState<'erase' | 'close'>();
  const mayClose = can('tenants:close') && tenant.state !== 'closed' && tenant.closure === null;
  if (!mayClose && !can('buyers:erase')) return null;
  return (
    <section className="sec mt-4 pt-4">
      <div className="sh">
        <h2>{acts.rights}</h2>
      </div>
      <p className="sm mut mb-3">{acts.rightsText}</p>
      <div className="row flex-wrap">
        {can('buyers:erase') && (
          <Button size="small" kind="danger-words" onClick={() => setAsking('erase')}>
            {acts.erase}
          </Button>
        )}
        {mayClose && (
          <Button size="small" kind="danger-words" onClick={() => setAsking('close')}>
            {acts.close}
          </Button>
        )}
      </div>
      {asking === 'erase' && <EraseBuyer tenantId={tenant.id} onClose={() => setAsking(undefined)} />}
      {asking === 'close' && <CloseDialog tenant={tenant} onClose={() => setAsking(undefined)} />}
    </section>
  );
}

interface CloseDialogProps {
  readonly tenant: Schema<'StaffTenant'>;
  readonly onClose: () => void;
}

function CloseDialog({ tenant, onClose }: CloseDialogProps) {
  const acts = useTexts(ACTS_TEXTS);
  const { orders, stars } = tenant.last_30_days;
  const bots = tenant.bots.filter(({ state }) => state === 'active').length;
  return (
    <ReasonDialog
      title={acts.closeTitle(tenant.name)}
      sentence={acts.closeText}
      effects={[
        { icon: 'slash', text: acts.salesStop(bots, orders, <Stars amount={stars} />) },
        { icon: 'redo', text: acts.closePeriod },
        { icon: 'x', text: acts.closeEnd },
      ]}
      word={{ label: acts.typeName(tenant.name), value: tenant.name, differs: acts.nameDiffers }}
      act={acts.closeAct}
      isDangerous
      save={async (reason) => {
        await closeTenant(tenant.id, reason);
        await tenantChanged(tenant.id);
      }}
      done={acts.closing}
      onClose={onClose}
    />
  );
}
