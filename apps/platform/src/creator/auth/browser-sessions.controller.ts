import { Body, Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  CodesLocked,
  EmailTaken,
  NoWorkspace,
  RefreshInProgress,
  RefreshRefused,
  SecondFactorRequired,
  SessionTokens,
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
import { proofIn, type SignUpForm, signUpSchema } from './auth.schema.js';
import { AuthService, type Credentials } from './auth.service.js';
import { CREATOR_COOKIE } from './browser-cookie.js';
import {
  type BrowserLogInForm,
  browserLogInSchema,
  browserSessionSchema,
  browserSessionView,
} from './browser-sessions.schema.js';

/**
 * Sessions for pages that this platform serves. The refresh token stays in a cookie that scripts cannot read; the page
 * keeps the access token in memory and uses it for all other requests, like any client.
 */
@ApiTags('Account')
@Controller('v1/auth/browser')
@FromOwnPages()
export class BrowserSessionsController {
  constructor(
    private readonly auth: AuthService,
    private readonly sessions: SessionTokens,
  ) {}

  @Post('sign-up')
  @Public('signing up comes before having a credential')
  @Refuses(ForeignPage, EmailTaken, TooManyAttempts, TooBusy)
  @ApiOperation({
    summary: 'Sign up from a browser',
    description: 'Like `POST /v1/auth/sign-up`, with the refresh token in the cookie `__Host-starwall-session`.',
  })
  @Answers(201, browserSessionSchema, 'The first session.')
  async signUp(
    @Body({ schema: signUpSchema }) form: SignUpForm,
    @From() origin: Origin,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.keep(reply, await this.auth.signUp(form, origin));
  }

  @Post('login')
  @Public('credentials are issued here')
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
  @ApiOperation({
    summary: 'Log in from a browser',
    description:
      'Like `POST /v1/auth/login`, with the same limits. A cookie of an earlier login on this device counts as `device_token`.',
  })
  @Answers(200, browserSessionSchema, 'A new session. It ends 30 days from now.')
  async logIn(
    @Body({ schema: browserLogInSchema }) form: BrowserLogInForm,
    @From() origin: Origin,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { email, password } = form;
    const login = { email, password, deviceToken: CREATOR_COOKIE.kept(request), proof: proofIn(form) };
    return this.keep(reply, await this.auth.logIn(login, origin));
  }

  @Post('refresh')
  @Public('the refresh token in the cookie is the credential')
  @Refuses(ForeignPage, RefreshRefused, RefreshInProgress)
  @ApiOperation({
    summary: "Continue the cookie's session",
    description:
      'Like `POST /v1/auth/refresh`: the cookie works once and is replaced. Tabs of one browser share it, so ' +
      'let only one of them refresh at a time (Web Locks).',
  })
  @Answers(200, browserSessionSchema, 'The same session with a new access token.')
  async refresh(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    const token = CREATOR_COOKIE.kept(request);
    if (token === undefined) throw new RefreshRefused();
    return this.keep(reply, await this.auth.refresh(token));
  }

  @Post('logout')
  @HttpCode(204)
  @Public('the refresh token in the cookie is the credential')
  @Refuses(ForeignPage)
  @ApiOperation({
    summary: "End the cookie's session",
    description: 'Its access tokens stop working within five seconds. Without a session nothing happens.',
  })
  @ApiNoContentResponse({ description: 'The session has ended, and the cookie is deleted.' })
  async logOut(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    const token = CREATOR_COOKIE.kept(request);
    if (token !== undefined) await this.sessions.end(token);
    CREATOR_COOKIE.forget(reply);
  }

  private keep(reply: FastifyReply, credentials: Credentials) {
    CREATOR_COOKIE.keep(reply, credentials.session.refreshToken);
    return browserSessionView(credentials);
  }
}
