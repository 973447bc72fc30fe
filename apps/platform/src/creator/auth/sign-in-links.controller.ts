import { Body, Controller, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import {
  CodesLocked,
  NoWorkspace,
  SecondFactorRequired,
  TooBusy,
  WrongCredentials,
  WrongSecondFactor,
} from '#libs/tenants';
import { Answers } from '../../http/answers.js';
import { Public } from '../../http/audience.js';
import { TooManyAttempts } from '../../http/login-attempts.js';
import { From, type Origin } from '../../http/origin.js';
import { ForeignPage, FromOwnPages } from '../../http/own-pages.guard.js';
import { Refuses } from '../../http/refuses.js';
import { AuthService } from './auth.service.js';
import { CREATOR_COOKIE } from './browser-cookie.js';
import { browserSessionSchema, browserSessionView } from './browser-sessions.schema.js';
import { SignInLinks } from './sign-in-links.js';

const linkSchema = z.strictObject({ code: z.string().min(1).max(100) });

/** Exists only in the standalone program and is not part of the public API: decision 0080. */
@ApiExcludeController()
@Controller('v1/auth/browser')
@FromOwnPages()
export class SignInLinksController {
  constructor(
    private readonly links: SignInLinks,
    private readonly auth: AuthService,
  ) {}

  @Post('link')
  @Public('the code in the body is the credential')
  @Refuses(
    ForeignPage,
    WrongCredentials,
    NoWorkspace,
    TooBusy,
    SecondFactorRequired,
    TooManyAttempts,
    WrongSecondFactor,
    CodesLocked,
  )
  @Answers(200, browserSessionSchema)
  async enter(
    @Body({ schema: linkSchema }) { code }: z.output<typeof linkSchema>,
    @From() origin: Origin,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const account = this.links.use(code);
    if (account === undefined) throw new WrongCredentials();
    const proof = { code: undefined, recoveryCode: undefined };
    const credentials = await this.auth.logIn({ ...account, deviceToken: undefined, proof }, origin);
    CREATOR_COOKIE.keep(reply, credentials.session.refreshToken);
    return browserSessionView(credentials);
  }
}
