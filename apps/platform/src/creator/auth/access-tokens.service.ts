import { Injectable } from '@nestjs/common';
import type { OpenSession } from '#libs/tenants';
import { SignedTokens, type TokenKind } from '../../http/signed-tokens.js';

/** What it may do is looked up while it lives (SessionDirectory), so its end only limits what a copied one is worth. */
export const ACCESS_TOKEN: TokenKind = { purpose: 'access', audience: 'starwall-api', type: 'at+jwt' };

/** Signs what a creator's request later shows as its credential. */
@Injectable()
export class AccessTokens {
  constructor(private readonly tokens: SignedTokens) {}

  issue({ sessionId, profile }: Pick<OpenSession, 'sessionId' | 'profile'>): Promise<string> {
    return this.tokens.issue(ACCESS_TOKEN, profile.accountId, { tid: profile.tenant.id, sid: sessionId });
  }
}
