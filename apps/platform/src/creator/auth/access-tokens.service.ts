import { Injectable } from '@nestjs/common';
import { JwtService, type JwtModuleOptions } from '@nestjs/jwt';
import { MINUTE, SECOND } from '#libs/kernel';
import type { SecretBox } from '#libs/runtime';
import type { OpenSession } from '#libs/tenants';

/** Seconds. What a token may do is looked up while it lives (SessionDirectory), so this only limits what a copied one is worth. */
export const ACCESS_LIFETIME = (15 * MINUTE) / SECOND;

/** What an access token must say to be one of ours. The type keeps other JWTs that one key may sign some day apart. */
export const ACCESS_TOKEN = {
  algorithm: 'HS256',
  issuer: 'starwall',
  audience: 'starwall-api',
  type: 'at+jwt',
} as const;

export const accessKey = (box: SecretBox) => box.derive('jwt-access', 32);

export const signing = (box: SecretBox): JwtModuleOptions => ({
  secret: accessKey(box),
  signOptions: {
    algorithm: ACCESS_TOKEN.algorithm,
    issuer: ACCESS_TOKEN.issuer,
    audience: ACCESS_TOKEN.audience,
    header: { alg: ACCESS_TOKEN.algorithm, typ: ACCESS_TOKEN.type },
    expiresIn: ACCESS_LIFETIME,
  },
});

/** Signs what a request later shows as its credential. */
@Injectable()
export class AccessTokens {
  constructor(private readonly jwt: JwtService) {}

  issue({ sessionId, profile }: Pick<OpenSession, 'sessionId' | 'profile'>): Promise<string> {
    const claims = { tid: profile.tenant.id, sid: sessionId };
    return this.jwt.signAsync(claims, { subject: profile.accountId });
  }
}
