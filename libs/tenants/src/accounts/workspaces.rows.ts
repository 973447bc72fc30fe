import type { PlatformTx } from '#libs/database';
import type { Role } from './scope.js';

export interface Workspace {
  readonly id: string;
  readonly name: string;
  /** The account's role there. */
  readonly role: Role;
}

/** The workspaces of an account, in the order in which it joined them. */
export const workspacesOf = (tx: PlatformTx, accountId: string): Promise<Workspace[]> =>
  tx.query<Workspace>(
    `select t.id, t.name, m.role from memberships m join tenants t on t.id = m.tenant_id
     where m.account_id = $1 order by m.created_at, t.id`,
    [accountId],
  );

/** The workspace of an account's latest session, else the first that it joined; undefined if it is in none. */
export async function latestWorkspace(tx: PlatformTx, accountId: string): Promise<string | undefined> {
  const rows = await tx.query<{ tenantId: string }>(
    `select m.tenant_id as "tenantId" from memberships m
     left join lateral (select s.owner_tenant from sessions s where s.account_id = $1 order by s.created_at desc limit 1) last
       on last.owner_tenant = m.tenant_id
     where m.account_id = $1 order by last.owner_tenant is null, m.created_at, m.tenant_id limit 1`,
    [accountId],
  );
  return rows[0]?.tenantId;
}
