import { useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Avatar } from '../../parts/avatar';
import { Badge } from '../../parts/badge';
import { Button } from '../../parts/button';
import { useFormat, useTexts } from '../../texts';
import { staffMeQuery } from '../api/me';
import { ReasonDialog, type ReasonedAct } from '../parts/reason-dialog';
import { CONSOLE_TEXTS } from '../texts/console';
import { ACCOUNTS_TEXTS } from '../texts/accounts';
import { ChangeRole } from './change-role';
import { accountsChanged, disable, enable, type Member, resetFactor } from './queries';

type Act = 'role' | 'disable' | 'enable' | 'reset';

/** A member of staff. Admins cannot change their own rights. */
export function AccountRow({ member }: { readonly member: Member }) {
  const texts = useTexts(ACCOUNTS_TEXTS);
  const { roles, you } = useTexts(CONSOLE_TEXTS);
  const { day } = useFormat();
  const { data: me } = useSuspenseQuery(staffMeQuery);
  const [asking, setAsking] = useState<Act>();
  const isDisabled = member.disabled_at !== null;
  const mayChange = me.permissions.includes('staff:write') && member.id !== me.id;
  const close = () => setAsking(undefined);
  return (
    <li className="plain-row">
      <Avatar name={member.email} of="person" />
      <div className="grow">
        <p className="row flex-wrap">
          <span className="m wrap-anywhere">{member.email}</span>
          <Badge tone="plain">{roles[member.role]}</Badge>
          {member.id === me.id && <Badge tone="info">{you}</Badge>}
          {member.disabled_at !== null && <Badge tone="bad">{texts.disabled}</Badge>}
        </p>
        <p className="sm dim">
          {member.second_factor_at === null ? texts.noFactor : texts.factorSince(day(member.second_factor_at))}
        </p>
      </div>
      {mayChange && (
        <div className="row flex-wrap">
          <Button size="small" onClick={() => setAsking('role')}>
            {texts.changeRole}
          </Button>
          {member.second_factor_at !== null && (
            <Button size="small" onClick={() => setAsking('reset')}>
              {texts.resetFactor}
            </Button>
          )}
          <Button
            size="small"
            {...(isDisabled ? {} : ({ kind: 'danger-words' } as const))}
            onClick={() => setAsking(isDisabled ? 'enable' : 'disable')}
          >
            {isDisabled ? texts.enable : texts.disable}
          </Button>
        </div>
      )}
      {asking === 'role' && <ChangeRole member={member} onClose={close} />}
      {asking !== undefined && asking !== 'role' && <ActDialog act={asking} member={member} onClose={close} />}
    </li>
  );
}

interface ActDialogProps {
  readonly act: Exclude<Act, 'role'>;
  readonly member: Member;
  readonly onClose: () => void;
}

const REQUESTS = { disable, enable, reset: resetFactor };

function ActDialog({ act, member, onClose }: ActDialogProps) {
  const texts = useTexts(ACCOUNTS_TEXTS);
  const words: Pick<ReasonedAct, 'title' | 'sentence' | 'act' | 'done'> = texts.acts[act](member.email);
  return (
    <ReasonDialog
      {...words}
      isDangerous={act !== 'enable'}
      isOwn
      save={async (reason) => {
        await REQUESTS[act](member.id, reason);
        await accountsChanged();
      }}
      onClose={onClose}
    />
  );
}
