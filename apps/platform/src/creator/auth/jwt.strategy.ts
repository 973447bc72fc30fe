import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { z } from 'zod';
import { SecretBox } from '#libs/runtime';
import { ROLE_SCOPES, SessionDirectory } from '#libs/tenants';
import type { CreatorSession } from '../../http/audience.js';
import { ACCESS_TOKEN, accessKey } from './access-tokens.service.js';

/** Every claim has to be there: a token without an end, for example, is none of ours. */
const verified = z.object({
  header: z.object({ typ: z.literal(ACCESS_TOKEN.type) }),
  payload: z.object({
    sub: z.uuid(),
    tid: z.uuid(),
    sid: z.uuid(),
    iat: z.number(),
    exp: z.number(),
  }),
});

/** From an access token to the creator behind it. Signature, algorithm, issuer, audience and expiry are checked before. */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy, 'jwt') {
  constructor(
    box: SecretBox,
    private readonly sessions: SessionDirectory,
  ) {
    super({
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      secretOrKey: accessKey(box),
      algorithms: [ACCESS_TOKEN.algorithm],
      issuer: ACCESS_TOKEN.issuer,
      audience: ACCESS_TOKEN.audience,
      // With the header, which holds the type.
      jsonWebTokenOptions: { complete: true },
    });
  }

  /** @returns false when the token lacks something, or its session or membership has ended: then nobody is behind it */
  async validate(token: unknown): Promise<CreatorSession | false> {
    const read = verified.safeParse(token);
    if (!read.success) return false;
    const { sub, tid, sid } = read.data.payload;
    const role = await this.sessions.roleOf({ sessionId: sid, accountId: sub, tenantId: tid });
    if (role === undefined) return false;
    return { via: 'session', credentialId: sid, tenantId: tid, accountId: sub, role, scopes: ROLE_SCOPES[role] };
  }
}
