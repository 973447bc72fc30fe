import { Injectable } from '@nestjs/common';
import { Impersonations, STAFF_CAN, StaffDirectory } from '#libs/staff';
import { READ_SCOPES } from '#libs/tenants';
import type { CreatorSession, StaffSession } from '../../http/audience.js';
import { StaffTokens } from './staff-tokens.service.js';

/** From a token of staff to who is behind it now. */
@Injectable()
export class StaffDoor {
  constructor(
    private readonly tokens: StaffTokens,
    private readonly directory: StaffDirectory,
    private readonly impersonations: Impersonations,
  ) {}

  /** @returns undefined when it is no access token of staff, or its session has ended, or its account is disabled */
  async behind(token: string): Promise<StaffSession | undefined> {
    const claims = await this.tokens.readAccess(token);
    const role = claims && (await this.directory.roleOf(claims.staffId, claims.sessionId));
    return claims && role && { ...claims, role, permissions: STAFF_CAN[role] };
  }

  /** Who looks at a workspace as it sees itself. @returns undefined when it is no such token, or the look has ended */
  async looking(token: string): Promise<CreatorSession | undefined> {
    const id = await this.tokens.readImpersonation(token);
    const standing = id === undefined ? undefined : await this.impersonations.standing(id);
    if (standing === undefined) return undefined;
    const { tenantId, staffId } = standing;
    return {
      via: 'impersonation',
      credentialId: standing.id,
      tenantId,
      accountId: staffId,
      role: 'viewer',
      scopes: READ_SCOPES,
    };
  }
}
