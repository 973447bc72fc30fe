import { useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Schema } from '#libs/client';
import type { Scope } from '../../api/rights';
import { openVisit, type Pass } from '../../api/visit';
import { Button } from '../../parts/button';
import { Dialog } from '../../parts/dialog';
import { useFormat, useTexts } from '../../texts';
import { COMMON_TEXTS } from '../../texts/common';
import { staffMeQuery } from '../api/me';
import { ReasonDialog } from '../parts/reason-dialog';
import { ACTS_TEXTS } from '../texts/tenant-acts';
import { impersonate } from './queries';

interface LookInsideProps {
  readonly tenant: Schema<'StaffTenant'>;
  readonly onClose: () => void;
}

/** The scopes of a visit, as in the API; the pages hide everything else. */
const SCOPES: readonly Scope[] = [
  'bots:read',
  'products:read',
  'orders:read',
  'support:read',
  'credits:read',
  'endpoints:read',
  'usage:read',
  'keys:read',
  'members:read',
  'audit:read',
];

/** Opens a workspace read-only in a new tab for ten minutes, with a reason that the workspace reads. */
export function LookInside({ tenant, onClose }: LookInsideProps) {
  const acts = useTexts(ACTS_TEXTS);
  const { close } = useTexts(COMMON_TEXTS);
  const { clock } = useFormat();
  const { data: staff } = useSuspenseQuery(staffMeQuery);
  const [pass, setPass] = useState<Pass>();
  if (pass !== undefined)
    return (
      <Dialog open onClose={onClose} title={acts.lookUntil(clock(pass.until))} sentence={acts.lookTab}>
        <div className="acts">
          <Button onClick={onClose}>{close}</Button>
          <Button icon="out" kind="primary" onClick={() => openVisit(pass)}>
            {acts.lookOpen}
          </Button>
        </div>
      </Dialog>
    );
  const begin = async (reason: string) => {
    const begun = passOf(tenant, staff.email, await impersonate(tenant.id, reason));
    // A browser may allow it only on a click; then the dialog stays open with a button.
    if (openVisit(begun) === null) setPass(begun);
    else onClose();
  };
  return (
    <ReasonDialog
      title={acts.lookTitle(tenant.name)}
      sentence={acts.lookText}
      effects={[
        { icon: 'eye', text: acts.lookReads },
        { icon: 'shield', text: acts.lookSeen },
      ]}
      act={acts.lookAct}
      save={begin}
      done={acts.lookBegun}
      onClose={onClose}
      onDone={() => undefined}
    />
  );
}

function passOf(tenant: Schema<'StaffTenant'>, email: string, given: Schema<'Impersonation'>): Pass {
  const { id, name, state, created_at, livemode } = tenant;
  return {
    token: given.access_token,
    until: given.expires_at,
    me: {
      object: 'account',
      id: given.id,
      email,
      email_confirmed_at: created_at,
      role: 'viewer',
      scopes: [...SCOPES],
      second_factor: null,
      tenant: { object: 'tenant', id, name, state, created_at, restriction: null, livemode },
      workspaces: [],
      livemode,
    },
  };
}
