import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-jwt';
import { z } from 'zod';
import { ROLE_SCOPES, SessionDirectory } from '#libs/tenants';
import { SigningKeys } from '#libs/vault';
import type { CreatorSession } from '../../http/audience.js';
import { strategyFor, verifiedToken } from '../../http/signed-tokens.js';
import { ACCESS_TOKEN } from './access-tokens.service.js';

const verified = verifiedToken(ACCESS_TOKEN, { tid: z.uuid(), sid: z.uuid() });

/** Finds the creator of an access token. Signature, algorithm, issuer, audience and expiry were checked before. */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy, 'jwt') {
  constructor(
    keys: SigningKeys,
    private readonly sessions: SessionDirectory,
  ) {
    super(strategyFor(keys, ACCESS_TOKEN));
  }

  /** @returns false when the token is incomplete, or its session or membership has ended */
  async validate(token: unknown): Promise<CreatorSession | false> {
    const read = verified.safeParse(token);
    if (!read.success) return false;
    const { sub, tid, sid } = read.data.payload;
    const role = await this.sessions.roleOf({ sessionId: sid, accountId: sub, tenantId: tid });
    if (role === undefined) return false;
    return { via: 'session', credentialId: sid, tenantId: tid, accountId: sub, role, scopes: ROLE_SCOPES[role] };
  }
}
