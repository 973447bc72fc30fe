import { useState } from 'react';
import type { Schema } from '#libs/client';
import { Avatar } from '../../parts/avatar';
import { IconButton } from '../../parts/button';
import { useFormat, useTexts } from '../../texts';
import { useStaffCan } from '../api/me';
import { ReasonDialog } from '../parts/reason-dialog';
import { ACTS_TEXTS } from '../texts/tenant-acts';
import { TENANTS_TEXTS } from '../texts/tenants';
import { resetPassword } from './queries';

type Tenant = Schema<'StaffTenant'>;
type Member = Tenant['members'][number];

/** The members of the workspace. */
export function People({ tenant }: { readonly tenant: Tenant }) {
  const texts = useTexts(TENANTS_TEXTS);
  const acts = useTexts(ACTS_TEXTS);
  const { number, day } = useFormat();
  const can = useStaffCan();
  const [asking, setAsking] = useState<Member>();
  return (
    <section className="sec mt-4 pt-4">
      <div className="sh">
        <h2>{texts.people}</h2>
        <span className="count">{number(tenant.members.length)}</span>
      </div>
      {tenant.members.map((member) => (
        <div key={member.account_id} className="row min-h-10 gap-3">
          <Avatar name={member.email} of="person" />
          <span className="grow cut">{member.email}</span>
          <span className="sm dim">{texts.memberRole(member.role)}</span>
          {can('members:reset') && (
            <IconButton icon="key" kind="quiet" label={acts.resetFor(member.email)} onClick={() => setAsking(member)} />
          )}
        </div>
      ))}
      <p className="sm dim mt-2">{texts.sinceDay(day(tenant.created_at))}</p>
      {asking !== undefined && (
        <ReasonDialog
          title={acts.resetTitle(asking.email)}
          sentence={acts.resetText}
          effects={[
            { icon: 'lock', text: acts.resetOnce },
            { icon: 'alert', text: acts.resetVerify },
          ]}
          act={acts.reset}
          save={(reason) => resetPassword(tenant.id, asking.account_id, reason)}
          done={acts.resetSent}
          onClose={() => setAsking(undefined)}
        />
      )}
    </section>
  );
}
