import type { PlatformTx } from '#libs/database';
import type { Role } from './scope.js';
import type { TenantState } from '../workspace/tenant.js';
import type { TenantStanding } from '../restrictions/tenant-state.service.js';

export interface Profile {
  readonly accountId: string;
  readonly email: string;
  /** Null until its owner proved to have access to its mailbox. */
  readonly emailConfirmedAt: Date | null;
  readonly role: Role;
  readonly tenant: {
    readonly id: string;
    readonly name: string;
    readonly state: TenantState;
    readonly createdAt: Date;
    /** The reason for the workspace's restriction, as shown to its members; null if it is not restricted. */
    readonly restriction: Omit<TenantStanding, 'state'> | null;
  };
}

interface StandingColumns {
  readonly reason: string | null;
  readonly since: Date | null;
  readonly reviewAt: Date | null;
}

/** An account's profile in a workspace. @returns undefined when it is not, or no longer, a member there */
export async function findProfile(tx: PlatformTx, accountId: string, tenantId: string): Promise<Profile | undefined> {
  const rows = await tx.query<Omit<Profile, 'tenant'> & Profile['tenant'] & StandingColumns>(
    `select a.id as "accountId", a.email, a.email_confirmed_at as "emailConfirmedAt", m.role, t.id, t.name, t.state, t.created_at as "createdAt",
       h.reason, h.created_at as since, h.review_at as "reviewAt"
     from accounts a join memberships m on m.account_id = a.id join tenants t on t.id = m.tenant_id
     left join lateral (select * from tenant_state_entries h where h.tenant_id = t.id order by h.id desc limit 1) h
       on h.to_state = t.state and t.state <> 'active'
     where a.id = $1 and t.id = $2`,
    [accountId, tenantId],
  );
  const row = rows[0];
  if (row === undefined) return undefined;
  const { email, emailConfirmedAt, role, id, name, state, createdAt, reason, since, reviewAt } = row;
  const restriction = since === null ? null : { reason, since, reviewAt };
  return { accountId, email, emailConfirmedAt, role, tenant: { id, name, state, createdAt, restriction } };
}
