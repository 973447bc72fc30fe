import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { publicId } from '#libs/kernel';
import { ChallengeInvalid, type Impersonation, type StaffChallenge } from '#libs/staff';
import { SignedTokens, type TokenKind } from './signed-tokens.js';

export const STAFF_ACCESS: TokenKind = { purpose: 'staff', audience: 'starwall-staff', type: 'staff+jwt' };

/** Valid long enough to set up an authenticator, and accepted only by the second part of the login. */
export const CHALLENGE: TokenKind = {
  purpose: 'staff_challenge',
  audience: 'starwall-staff',
  type: 'staff-challenge+jwt',
};

/** For the creators' API, but distinct from creators' tokens. */
const IMPERSONATION: TokenKind = { purpose: 'impersonation', audience: 'starwall-api', type: 'imp+jwt' };

export interface StaffClaims {
  readonly staffId: string;
  readonly sessionId: string;
}

/**
 * The tokens of staff. Each kind has separate keys: none is accepted as a creator's token, nor a creator's as one of
 * them.
 */
@Injectable()
export class StaffTokens {
  constructor(private readonly tokens: SignedTokens) {}

  access({ staffId, sessionId }: StaffClaims): Promise<string> {
    return this.tokens.issue(STAFF_ACCESS, staffId, { sid: sessionId });
  }

  challenge({ staffId, generation }: StaffChallenge): Promise<string> {
    return this.tokens.issue(CHALLENGE, staffId, { gen: generation });
  }

  /** `act` is the member of staff (RFC 8693, section 4.1). */
  impersonation({ id, staffId, tenantId }: Impersonation): Promise<string> {
    return this.tokens.issue(IMPERSONATION, tenantId, { imp: id, act: { sub: publicId('staff', staffId) } });
  }

  /** @returns undefined for an invalid or expired token */
  async readAccess(token: string): Promise<StaffClaims | undefined> {
    const claims = await this.tokens.read(STAFF_ACCESS, token, { sid: z.uuid() });
    return claims && { staffId: claims.sub, sessionId: claims.sid };
  }

  /** @throws ChallengeInvalid */
  async readChallenge(token: string): Promise<Pick<StaffChallenge, 'staffId' | 'generation'>> {
    const claims = await this.tokens.read(CHALLENGE, token, { gen: z.int() });
    if (claims === undefined) throw new ChallengeInvalid();
    return { staffId: claims.sub, generation: claims.gen };
  }

  /** @returns the impersonation's id */
  async readImpersonation(token: string): Promise<string | undefined> {
    const said = await this.tokens.read(IMPERSONATION, token, {
      imp: z.uuid(),
      act: z.object({ sub: z.string() }),
    });
    return said?.imp;
  }
}
