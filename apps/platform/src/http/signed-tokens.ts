import type { KeyObject } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { ExtractJwt, type StrategyOptionsWithoutRequest } from 'passport-jwt';
import { z } from 'zod';
import { SECOND } from '#libs/kernel';
import { SIGNING_PURPOSES, SigningKeys, type SigningPurpose } from '#libs/vault';

const ALGORITHM = 'HS256';
const ISSUER = 'starwall';

/**
 * The properties of a kind of token. Every kind has separate keys, an audience and a type, so that none is accepted
 * as another.
 */
export interface TokenKind {
  /** The purpose of its keys; a token lives as long as {@link SIGNING_PURPOSES} says. */
  readonly purpose: SigningPurpose;
  readonly audience: string;
  readonly type: string;
}

/** Seconds. */
export const lifetimeOf = ({ purpose }: TokenKind) => SIGNING_PURPOSES[purpose] / SECOND;

/** Signs tokens that later requests present as credentials. The process does not start without its keys. */
@Injectable()
export class SignedTokens implements OnModuleInit {
  constructor(
    private readonly jwt: JwtService,
    private readonly keys: SigningKeys,
  ) {}

  async onModuleInit(): Promise<void> {
    for (const purpose of PURPOSES) await this.keys.signer(purpose);
  }

  async issue(kind: TokenKind, subject: string, claims: Readonly<Record<string, unknown>>): Promise<string> {
    const { kid, secret } = await this.keys.signer(kind.purpose);
    return this.jwt.signAsync(claims, {
      secret: asSecret(secret),
      algorithm: ALGORITHM,
      issuer: ISSUER,
      audience: kind.audience,
      subject,
      expiresIn: lifetimeOf(kind),
      header: { alg: ALGORITHM, typ: kind.type, kid },
    });
  }

  /** @returns the claims of a token of this kind; undefined for an invalid or expired one */
  async read<Claims extends z.ZodRawShape>(kind: TokenKind, token: string, claims: Claims) {
    const { typ, kid } = headOf(token);
    const secret = typ === kind.type ? await this.keys.verifier(kind.purpose, kid) : undefined;
    if (secret === undefined) return undefined;
    const expected = {
      secret: asSecret(secret),
      algorithms: [ALGORITHM],
      issuer: ISSUER,
      audience: kind.audience,
      complete: true,
    } as const;
    const said: unknown = await this.jwt
      .verifyAsync(token, { ...expected, algorithms: [ALGORITHM] })
      .catch(() => undefined);
    return verifiedToken(kind, claims).safeParse(said).data?.payload;
  }
}

const PURPOSES = Object.keys(SIGNING_PURPOSES) as SigningPurpose[];

/**
 * Configures passport's checks of a kind of token: its key by `kid`, then signature, algorithm, issuer, audience and
 * expiry.
 */
export function strategyFor(keys: SigningKeys, kind: TokenKind): StrategyOptionsWithoutRequest {
  return {
    jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
    secretOrKeyProvider: (_request: unknown, token: unknown, done) => {
      keys.verifier(kind.purpose, headOf(token).kid).then(
        (secret) => (secret === undefined ? done(new Error('no such key')) : done(null, asSecret(secret))),
        (error: unknown) => done(new SigningKeysAway({ cause: error })),
      );
    },
    algorithms: [ALGORITHM],
    issuer: ISSUER,
    audience: kind.audience,
    // With the header, which contains the type.
    jsonWebTokenOptions: { complete: true },
  };
}

/**
 * Passes a KeyObject to jsonwebtoken: it would try a Buffer as a public key first, which takes longer than all other
 * checks of a token. Its two wrappers lack KeyObject in their types.
 */
const asSecret = (key: KeyObject) => key as unknown as Buffer;

/** Thrown when keys cannot be read. The owner of a token must not be told that it is invalid. */
export class SigningKeysAway extends Error {
  constructor(options: ErrorOptions) {
    super('the keys that verify tokens could not be read', options);
  }
}

/**
 * Schema of a token as passport passes it on. Every claim is required: a token without an expiry, for example, is not
 * ours.
 */
export const verifiedToken = <Claims extends z.ZodRawShape>({ type }: TokenKind, claims: Claims) =>
  z.object({
    header: z.object({ typ: z.literal(type) }),
    payload: z.object({ ...claims, sub: z.uuid(), iat: z.number(), exp: z.number() }),
  });

/** Returns a token's unverified header. */
function headOf(token: unknown): { readonly kid?: unknown; readonly typ?: unknown } {
  try {
    const [head] = String(token).split('.');
    const said: unknown = JSON.parse(Buffer.from(head ?? '', 'base64url').toString('utf8'));
    return typeof said === 'object' && said !== null ? said : {};
  } catch {
    return {};
  }
}
