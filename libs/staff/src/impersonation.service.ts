import { Inject, Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { type Clock, newUuid, NotFound } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import type { TenantState } from '#libs/tenants';
import { SIGNING_PURPOSES } from '#libs/vault';
import { STAFF_CAN } from './permission.js';
import { StaffDirectory } from './staff-directory.service.js';

export interface Impersonation {
  readonly id: string;
  readonly staffId: string;
  readonly sessionId: string;
  readonly tenantId: string;
  readonly expiresAt: Date;
}

type Standing = Impersonation & { readonly tenantState: TenantState };

const FIND = `
select i.id, i.staff_id as "staffId", i.session_id as "sessionId", i.owner_tenant as "tenantId", i.expires_at as "expiresAt",
       t.state as "tenantState"
from impersonation_entries i join tenants t on t.id = i.owner_tenant
where i.id = $1 and not exists (select from impersonation_end_entries e where e.id = i.id)`;

/**
 * Lets staff view a workspace as its owner sees it. Ends when they leave, after ten minutes, or with the staff session,
 * whichever comes first. Every request checks whether it has ended: there are few visits, and other processes may end
 * them.
 */
@Injectable()
export class Impersonations {
  constructor(
    private readonly db: Database,
    private readonly directory: StaffDirectory,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @param reason 1 to 500 characters; the workspace can read it in its audit log @throws NotFound */
  async begin(who: Pick<Impersonation, 'staffId' | 'sessionId'>, tenantId: string, reason: string) {
    const now = this.clock.now();
    const expiresAt = new Date(now.getTime() + SIGNING_PURPOSES.impersonation);
    const made = { id: newUuid(now.getTime()), ...who, tenantId, expiresAt };
    const rows = await this.db.inPlatform('staff impersonate a workspace', (tx) =>
      tx.query(
        `insert into impersonation_entries (id, staff_id, session_id, owner_tenant, reason, created_at, expires_at)
         select $1, $2, $3, t.id, $5, $6, $7 from tenants t where t.id = $4 returning 1`,
        [made.id, who.staffId, who.sessionId, tenantId, reason, now, expiresAt],
      ),
    );
    if (rows.length === 0) throw new NotFound('workspace');
    return made satisfies Impersonation;
  }

  /** @returns undefined when it has ended, or the staff member no longer has the permission */
  async standing(id: string): Promise<Standing | undefined> {
    const now = this.clock.now();
    const found = await this.find(id);
    if (found === undefined || found.expiresAt <= now) return undefined;
    const role = await this.directory.roleOf(found.staffId, found.sessionId);
    return role !== undefined && STAFF_CAN[role].includes('tenants:impersonate') ? found : undefined;
  }

  /** Ends it at once. Idempotent. @returns false when it had been ended before */
  async end(id: string): Promise<boolean> {
    const rows = await this.db.inPlatform('staff leave a workspace', (tx) =>
      tx.query(
        'insert into impersonation_end_entries (id, ended_at) values ($1, $2) on conflict do nothing returning 1',
        [id, this.clock.now()],
      ),
    );
    return rows.length > 0;
  }

  private async find(id: string): Promise<Standing | undefined> {
    const rows = await this.db.inPlatform('check that an impersonation is still valid', (tx) =>
      tx.query<Standing>(FIND, [id]),
    );
    return rows[0];
  }
}
