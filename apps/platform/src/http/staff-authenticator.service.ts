import { Injectable } from '@nestjs/common';
import { Impersonations, STAFF_CAN, StaffDirectory } from '#libs/staff';
import { IMPERSONATION_SCOPES } from '#libs/tenants';
import type { CreatorSession, StaffSession } from './audience.js';
import { StaffTokens } from './staff-tokens.service.js';

/** Finds the owner of a staff token, with the current state of their account. */
@Injectable()
export class StaffAuthenticator {
  constructor(
    private readonly tokens: StaffTokens,
    private readonly directory: StaffDirectory,
    private readonly impersonations: Impersonations,
  ) {}

  /** @returns undefined when it is not an access token of staff, its session has ended, or its account is disabled */
  async session(token: string): Promise<StaffSession | undefined> {
    const claims = await this.tokens.readAccess(token);
    const role = claims && (await this.directory.roleOf(claims.staffId, claims.sessionId));
    return claims && role && { ...claims, role, permissions: STAFF_CAN[role] };
  }

  /** @returns undefined when it is not an impersonation token, or the impersonation has ended */
  async impersonation(token: string): Promise<CreatorSession | undefined> {
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
      scopes: IMPERSONATION_SCOPES,
    };
  }
}
