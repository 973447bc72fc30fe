import { useState } from 'react';
import { useTexts } from '../../texts';
import { ReasonDialog } from '../parts/reason-dialog';
import { CONSOLE_TEXTS } from '../texts/console';
import { ACCOUNTS_TEXTS } from '../texts/accounts';
import { accountsChanged, changeRole, type Member, type Role, ROLES } from './queries';

interface ChangeRoleProps {
  readonly member: Member;
  readonly onClose: () => void;
}

export function ChangeRole({ member, onClose }: ChangeRoleProps) {
  const texts = useTexts(ACCOUNTS_TEXTS);
  const { roles } = useTexts(CONSOLE_TEXTS);
  const [role, setRole] = useState<Role>(member.role);
  return (
    <ReasonDialog
      title={texts.roleTitle(member.email)}
      sentence={texts.roleText}
      act={texts.changeRole}
      isOwn
      save={async (reason) => {
        await changeRole(member.id, { role, reason });
        await accountsChanged();
      }}
      done={texts.roleChanged}
      onClose={onClose}
    >
      <fieldset className="degrees">
        <legend className="vh">{texts.role}</legend>
        {ROLES.map((one) => (
          <label key={one}>
            <input type="radio" name="role" value={one} checked={one === role} onChange={() => setRole(one)} />
            <span>
              <span className="m">{roles[one]}</span> <span className="sm dim block">{texts.roleMay[one]}</span>
            </span>
          </label>
        ))}
      </fieldset>
    </ReasonDialog>
  );
}
