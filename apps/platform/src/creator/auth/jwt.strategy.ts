import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { z } from 'zod';
import { SecretBox } from '#libs/runtime';
import type { CreatorSession } from '../../http/audience.js';
import { ACCESS_TOKEN, accessKey } from './access-tokens.service.js';

/** Every claim has to be there: a token without an end, for example, is none of ours. */
const verified = z.object({
  header: z.object({ typ: z.literal(ACCESS_TOKEN.type) }),
  payload: z.object({
    sub: z.uuid(),
    tid: z.uuid(),
    sid: z.uuid(),
    role: z.enum(['owner', 'admin', 'support', 'viewer']),
    iat: z.number(),
    exp: z.number(),
  }),
});

/** From an access token to the creator behind it. Signature, algorithm, issuer, audience and expiry are checked before. */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy, 'jwt') {
  constructor(box: SecretBox) {
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

  /** @returns false when the token lacks something: then nobody is behind it */
  validate(token: unknown): CreatorSession | false {
    const read = verified.safeParse(token);
    if (!read.success) return false;
    const { sub, tid, sid, role } = read.data.payload;
    return { accountId: sub, tenantId: tid, sessionId: sid, role };
  }
}
