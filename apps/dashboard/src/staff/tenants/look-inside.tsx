import { useState } from 'react';
import type { Schema } from '#libs/client';
import { Button } from '../../parts/button';
import { Dialog } from '../../parts/dialog';
import { toast } from '../../parts/toast';
import { useFormat, useTexts } from '../../texts';
import { COMMON_TEXTS } from '../../texts/common';
import { ReasonDialog } from '../parts/reason-dialog';
import { ACTS_TEXTS } from '../texts/tenant-acts';
import { impersonate } from './queries';

interface LookInsideProps {
  readonly tenant: Schema<'StaffTenant'>;
  readonly onClose: () => void;
}

/** Read-only access to a workspace for ten minutes, with a reason that the workspace reads. */
export function LookInside({ tenant, onClose }: LookInsideProps) {
  const acts = useTexts(ACTS_TEXTS);
  const { close } = useTexts(COMMON_TEXTS);
  const { clock } = useFormat();
  const [token, setToken] = useState<Schema<'Impersonation'>>();
  const copy = () => void navigator.clipboard.writeText(token?.access_token ?? '').then(() => toast(acts.tokenCopied));
  if (token !== undefined)
    return (
      <Dialog open onClose={onClose} title={acts.lookUntil(clock(token.expires_at))} sentence={acts.lookToken}>
        <code className="secret max-h-40 overflow-auto">{token.access_token}</code>
        <div className="acts">
          <Button icon="copy" kind="primary" onClick={copy}>
            {acts.copyToken}
          </Button>
          <Button onClick={onClose}>{close}</Button>
        </div>
      </Dialog>
    );
  return (
    <ReasonDialog
      title={acts.lookTitle(tenant.name)}
      sentence={acts.lookText}
      effects={[
        { icon: 'eye', text: acts.lookReads },
        { icon: 'shield', text: acts.lookSeen },
      ]}
      act={acts.lookAct}
      save={async (reason) => setToken(await impersonate(tenant.id, reason))}
      done={acts.lookBegun}
      onClose={onClose}
      onDone={() => undefined}
    />
  );
}
