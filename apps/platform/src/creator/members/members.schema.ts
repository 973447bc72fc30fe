import { z } from 'zod';
import { publicId, type Shown } from '#libs/kernel';
import type { InvitationFacts, InvitationRow, MemberFacts } from '#libs/tenants';
import { idOrNull, listOf, listQuery, timeOrNull } from '../../http/schema.js';
import { email, newPassword, proof, role } from '../auth/auth.schema.js';

const time = z.iso.datetime();

export const listMembersSchema = listQuery('account', {});
export type ListMembers = z.output<typeof listMembersSchema>;

export const changeMemberSchema = z.strictObject({ role }).meta({ id: 'ChangeMember' });
export type ChangeMember = z.output<typeof changeMemberSchema>;

export const inviteSchema = z.strictObject({ email, role }).meta({ id: 'CreateInvitation' });
export type Invite = z.output<typeof inviteSchema>;

export const listInvitationsSchema = listQuery('invitation', {});
export type ListInvitations = z.output<typeof listInvitationsSchema>;

const invitationToken = z.string().min(1).max(200);

export const acceptSchema = z
  .strictObject({
    token: invitationToken,
    password: newPassword.describe(
      'The password of the account with that address. If there is none, it is created with this password',
    ),
    ...proof,
  })
  .meta({ id: 'AcceptInvitation' });
export type Accept = z.output<typeof acceptSchema>;

export const showInvitationSchema = z.strictObject({ token: invitationToken }).meta({ id: 'ShowInvitation' });
export type ShowInvitation = z.output<typeof showInvitationSchema>;

export const shownInvitationSchema = z
  .object({
    object: z.literal('shown_invitation'),
    workspace: z.string(),
    email: z.string().describe('The invited address'),
    role,
    invited_by: z.string().describe('The address of the member who invites'),
    expires_at: time,
  })
  .meta({ id: 'ShownInvitation' });

export const memberViewSchema = z
  .object({
    object: z.literal('member'),
    id: z.string().describe('The id of the account'),
    email: z.string(),
    role,
    created_at: time.describe('The time at which they joined'),
  })
  .meta({ id: 'Member' });

export const memberListSchema = listOf(memberViewSchema).meta({ id: 'MemberList' });

export const invitationViewSchema = z
  .object({
    object: z.literal('invitation'),
    id: z.string(),
    email: z.string(),
    role,
    state: z.enum(['open', 'accepted', 'expired', 'revoked']),
    invited_by: z.string(),
    created_at: time,
    expires_at: time,
    accepted_at: time.nullable(),
    accepted_by: z.string().nullable(),
    revoked_at: time.nullable(),
  })
  .meta({ id: 'Invitation' });

export const newInvitationViewSchema = invitationViewSchema
  .extend({
    token: z.string().describe('Part of the link in the email. It is shown only here.'),
    mailed: z.boolean().describe('True when an email with the link is on its way'),
  })
  .meta({ id: 'NewInvitation' });

export const invitationListSchema = listOf(invitationViewSchema).meta({ id: 'InvitationList' });

export const shownInvitationView = (facts: InvitationFacts): Shown<typeof shownInvitationSchema> => ({
  object: 'shown_invitation',
  workspace: facts.workspace,
  email: facts.email,
  role: facts.role,
  invited_by: facts.invitedBy,
  expires_at: facts.expiresAt.toISOString(),
});

export const memberView = (member: MemberFacts): Shown<typeof memberViewSchema> => ({
  object: 'member',
  id: publicId('account', member.accountId),
  email: member.email,
  role: member.role,
  created_at: member.createdAt.toISOString(),
});

const stateOf = ({ acceptedAt, revokedAt, expiresAt }: InvitationRow, now: Date) => {
  if (acceptedAt !== null) return 'accepted';
  if (revokedAt !== null) return 'revoked';
  return expiresAt <= now ? 'expired' : 'open';
};

export const invitationView = (row: InvitationRow, now: Date): Shown<typeof invitationViewSchema> => ({
  object: 'invitation',
  id: publicId('invitation', row.id),
  email: row.email,
  role: row.role,
  state: stateOf(row, now),
  invited_by: publicId('account', row.invitedBy),
  created_at: row.createdAt.toISOString(),
  expires_at: row.expiresAt.toISOString(),
  accepted_at: timeOrNull(row.acceptedAt),
  accepted_by: idOrNull('account', row.acceptedBy),
  revoked_at: timeOrNull(row.revokedAt),
});
