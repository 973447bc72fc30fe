import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { AuditStore } from '#libs/journal';
import { publicId } from '#libs/kernel';
import { Impersonations } from '#libs/staff';
import type { Origin } from '../../http/origin.js';
import { StaffTokens } from '../../http/staff-tokens.service.js';

/** Ends visits of staff to workspaces. */
@Injectable()
export class StaffVisits {
  constructor(
    private readonly tokens: StaffTokens,
    private readonly impersonations: Impersonations,
    private readonly db: Database,
    private readonly audit: AuditStore,
  ) {}

  /** Ends the visit of this token at once, with an entry in the workspace's audit log. Idempotent. */
  async end(token: string, { device }: Origin): Promise<void> {
    const id = await this.tokens.readImpersonation(token);
    const visit = id === undefined ? undefined : await this.impersonations.standing(id);
    if (visit === undefined || !(await this.impersonations.end(visit.id))) return;
    await this.db.inTenant(visit.tenantId, (tx) =>
      this.audit.record(tx, {
        action: 'staff_visits_end',
        actor: { kind: 'staff', id: visit.staffId },
        via: 'impersonation',
        targets: [publicId('tenant', visit.tenantId)],
        context: device,
      }),
    );
  }
}
