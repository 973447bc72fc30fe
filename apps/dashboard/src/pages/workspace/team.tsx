import { useMutation, useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Schema } from '#libs/client';
import { meQuery } from '../../api/everywhere';
import { useCan } from '../../api/rights';
import { Avatar } from '../../parts/avatar';
import { Button } from '../../parts/button';
import { Confirm } from '../../parts/confirm';
import { Dialog } from '../../parts/dialog';
import { SelectField, TextField } from '../../parts/field';
import { Form, useSavedForm } from '../../parts/form';
import { Part } from '../../parts/part';
import { Pick } from '../../parts/pick';
import { ProblemNote, ProblemPage } from '../../parts/problem';
import { SecretDialog } from '../../parts/secret';
import { Skeleton } from '../../parts/states';
import { toast } from '../../parts/toast';
import { COMMON_TEXTS } from '../../texts/common';
import { SHELL_TEXTS } from '../../texts/shell';
import { WORKSPACE_TEXTS } from '../../texts/workspace';
import { useFormat, useTexts } from '../../texts';
import {
  changeRole,
  invitationsQuery,
  invite,
  membersQuery,
  removeMember,
  revokeInvitation,
  type Role,
  workspaceChanged,
} from './queries';

/** The roles that a member may give, change and remove, as in the API. */
const MAKES: Readonly<Record<Role, readonly Role[]>> = {
  owner: ['owner', 'admin', 'support', 'viewer'],
  admin: ['support', 'viewer'],
  support: [],
  viewer: [],
};

export function Team() {
  const texts = useTexts(WORKSPACE_TEXTS);
  const can = useCan();
  const { data: me } = useSuspenseQuery(meQuery);
  const { data: members, error, refetch } = useQuery(membersQuery);
  const [inviting, setInviting] = useState(false);
  const [link, setLink] = useState<string>();
  const makes = can('members:write') ? MAKES[me.role] : [];
  return (
    <section className="pt-4">
      <div className="sh">
        <p className="mut grow">{texts.teamText}</p>
        {makes.length > 0 && (
          <Button kind="primary" onClick={() => setInviting(true)}>
            {texts.invite}
          </Button>
        )}
      </div>
      {error !== null && members === undefined && <ProblemPage error={error} retry={() => void refetch()} />}
      {error === null && members === undefined && <Skeleton lines={3} />}
      <ul className="list">
        {members?.map((member) => (
          <MemberLine key={member.id} member={member} makes={makes} isMe={member.id === me.id} />
        ))}
      </ul>
      <Invitations canRevoke={makes.length > 0} />
      {inviting && (
        <Invite
          roles={makes}
          onClose={() => setInviting(false)}
          onInvited={async (invited) => {
            setInviting(false);
            if (invited.mailed) toast(texts.mailed(invited.email));
            else setLink(`${location.origin}/join#${invited.token}`);
            await workspaceChanged();
          }}
        />
      )}
      <SecretDialog
        title={texts.invited}
        sentence={texts.invitedText}
        secret={link}
        onClose={() => setLink(undefined)}
      />
    </section>
  );
}

interface MemberLineProps {
  readonly member: Schema<'Member'>;
  readonly makes: readonly Role[];
  readonly isMe: boolean;
}

function MemberLine({ member, makes, isMe }: MemberLineProps) {
  const texts = useTexts(WORKSPACE_TEXTS);
  const { roles } = useTexts(SHELL_TEXTS);
  const { day } = useFormat();
  const [asking, setAsking] = useState(false);
  const changing = useMutation({
    mutationFn: (role: Role) => changeRole(member.id, role),
    onSuccess: workspaceChanged,
  });
  const removing = useMutation({ mutationFn: () => removeMember(member.id), onSuccess: workspaceChanged });
  const canChange = makes.includes(member.role) && !isMe;
  return (
    <li className="li flex-wrap">
      <Avatar name={member.email} of="person" />
      <span className="grow min-w-0">
        <span className="m cut block">
          {member.email} {isMe && <span className="dim">{texts.you}</span>}
        </span>
        <span className="sm dim">{texts.since(day(member.created_at))}</span>
      </span>
      {canChange ? (
        <Pick
          label={texts.roleOf(member.email)}
          value={member.role}
          choices={makes.map((role) => ({ value: role, label: roles[role] }))}
          onPick={(role) => changing.mutate(role)}
        />
      ) : (
        <span className="mut">{roles[member.role]}</span>
      )}
      {canChange && (
        <Button size="small" kind="danger-words" onClick={() => setAsking(true)}>
          {texts.remove}
        </Button>
      )}
      {changing.isError && <ProblemNote error={changing.error} />}
      <Confirm
        open={asking}
        onClose={() => setAsking(false)}
        title={texts.removeTitle(member.email)}
        sentence={texts.removeText}
        keep={texts.keep}
        act={texts.remove}
        doing={removing}
      />
    </li>
  );
}

function Invitations({ canRevoke }: { readonly canRevoke: boolean }) {
  const texts = useTexts(WORKSPACE_TEXTS);
  const { roles } = useTexts(SHELL_TEXTS);
  const { day } = useFormat();
  const { data: invitations = [] } = useQuery(invitationsQuery);
  const revoking = useMutation({ mutationFn: revokeInvitation, onSuccess: workspaceChanged });
  if (invitations.length === 0) return null;
  return (
    <Part title={texts.invitations}>
      <ul className="list">
        {invitations.map((one) => (
          <li key={one.id} className="li">
            <span className="grow min-w-0">
              <span className="m cut block">{one.email}</span>
              <span className="sm dim">
                {roles[one.role]}, {texts.until(day(one.expires_at))}
              </span>
            </span>
            {canRevoke && (
              <Button
                size="small"
                busy={revoking.isPending && revoking.variables === one.id}
                onClick={() => revoking.mutate(one.id)}
              >
                {texts.callOff}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {revoking.isError && <ProblemNote error={revoking.error} />}
    </Part>
  );
}

interface InviteProps {
  readonly roles: readonly Role[];
  readonly onClose: () => void;
  readonly onInvited: (invited: Schema<'NewInvitation'>) => unknown;
}

function Invite({ roles, onClose, onInvited }: InviteProps) {
  const texts = useTexts(WORKSPACE_TEXTS);
  const common = useTexts(COMMON_TEXTS);
  const names = useTexts(SHELL_TEXTS).roles;
  const saved = useSavedForm<Schema<'CreateInvitation'>, Schema<'NewInvitation'>>({
    defaults: { email: '', role: 'support' },
    save: invite,
    onSaved: onInvited,
  });
  return (
    <Dialog open onClose={onClose} title={texts.invite} sentence={texts.inviteText}>
      <Form {...saved} className="grid gap-4">
        <TextField<Schema<'CreateInvitation'>>
          name="email"
          label={texts.email}
          type="email"
          rules={{ required: texts.fillIn }}
        />
        <SelectField<Schema<'CreateInvitation'>>
          name="role"
          label={texts.role}
          choices={roles.map((role) => ({ value: role, label: `${names[role]}: ${texts.roleLines[role]}` }))}
        />
        <div className="acts">
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button type="submit" kind="primary" busy={saved.saving.isPending}>
            {texts.invite}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
