import { Injectable } from '@nestjs/common';
import type { OpenSession } from '#libs/tenants';
import { SignedTokens, type TokenKind } from '../../http/signed-tokens.js';

/**
 * A token's rights are looked up on each request (SessionDirectory); its expiry only limits the value of a stolen one.
 */
export const ACCESS_TOKEN: TokenKind = { purpose: 'access', audience: 'starwall-api', type: 'at+jwt' };

/** Signs the access tokens that creators' requests present. */
@Injectable()
export class AccessTokens {
  constructor(private readonly tokens: SignedTokens) {}

  issue({ sessionId, profile }: Pick<OpenSession, 'sessionId' | 'profile'>): Promise<string> {
    return this.tokens.issue(ACCESS_TOKEN, profile.accountId, { tid: profile.tenant.id, sid: sessionId });
  }
}
