import { Body, Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ChallengeInvalid, STAFF_SESSION_LIFETIME, StaffSessions, WrongCode } from '#libs/staff';
import { CodesLocked, RefreshInProgress, RefreshRefused, TooBusy, WrongCredentials } from '#libs/tenants';
import { Answers } from '../../http/answers.js';
import { Public } from '../../http/audience.js';
import { TooManyAttempts } from '../../http/login-attempts.js';
import { From, type Origin } from '../../http/origin.js';
import { ForeignPage, FromOwnPages } from '../../http/own-pages.guard.js';
import { Refuses } from '../../http/refuses.js';
import { SessionCookie } from '../../http/session-cookie.js';
import {
  challengeSchema,
  challengeView,
  type StaffConfirm,
  staffConfirmSchema,
  type StaffRecover,
  staffRecoverSchema,
} from './staff-auth.schema.js';
import { StaffAuthService, type StaffCredentials } from './staff-auth.service.js';
import {
  type StaffBrowserLogIn,
  staffBrowserLogInSchema,
  staffBrowserSessionSchema,
  staffBrowserSessionView,
} from './staff-browser-sessions.schema.js';

const PATH = 'v1/staff/auth/browser';

/** Sent to these routes only: no other request of a page carries it. See docs/decisions/0107. */
const COOKIE = new SessionCookie({
  name: '__Secure-starwall-staff',
  path: `/${PATH}`,
  lifetime: STAFF_SESSION_LIFETIME,
});

/**
 * Sessions of staff for the console at `/staff`. The refresh token stays in a cookie that scripts cannot read; the page
 * keeps the access token in memory.
 */
@ApiTags('Staff: account')
@Controller(PATH)
@FromOwnPages()
export class StaffBrowserSessionsController {
  constructor(
    private readonly auth: StaffAuthService,
    private readonly sessions: StaffSessions,
  ) {}

  @Post('login')
  @Public('challenges are issued here')
  @Refuses(ForeignPage, WrongCredentials, TooManyAttempts, TooBusy)
  @ApiOperation({
    summary: 'Log in as staff from a browser: the password',
    description:
      'Like `POST /v1/staff/auth/login`, with the same limits. A cookie of an earlier login on this device counts as `device_token`.',
  })
  @Answers(200, challengeSchema, 'The challenge for the second part of the login.')
  async logIn(
    @Body({ schema: staffBrowserLogInSchema }) form: StaffBrowserLogIn,
    @From() origin: Origin,
    @Req() request: FastifyRequest,
  ) {
    const { token, challenge } = await this.auth.logIn(form.email, form.password, origin, COOKIE.kept(request));
    return challengeView(token, challenge);
  }

  @Post('confirm')
  @Public('challenge and code are the credential')
  @Refuses(ForeignPage, ChallengeInvalid, TooManyAttempts, CodesLocked, WrongCode)
  @ApiOperation({
    summary: 'Log in as staff from a browser: the code',
    description:
      'Like `POST /v1/staff/auth/confirm`, with the refresh token in the cookie `__Secure-starwall-staff`, which browsers send to these routes only.',
  })
  @Answers(200, staffBrowserSessionSchema, 'A session of twelve hours at most.')
  async confirm(
    @Body({ schema: staffConfirmSchema }) form: StaffConfirm,
    @From() origin: Origin,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return keep(reply, await this.auth.confirm(form.challenge, form.code, origin));
  }

  @Post('recover')
  @Public('challenge and recovery code are the credential')
  @Refuses(ForeignPage, ChallengeInvalid, WrongCode, TooManyAttempts)
  @ApiOperation({
    summary: 'Log in as staff from a browser: a recovery code',
    description: 'Instead of a code. Each works once.',
  })
  @Answers(200, staffBrowserSessionSchema, 'A session of twelve hours at most.')
  async recover(
    @Body({ schema: staffRecoverSchema }) form: StaffRecover,
    @From() origin: Origin,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return keep(reply, await this.auth.recover(form.challenge, form.recovery_code, origin));
  }

  @Post('refresh')
  @Public('the refresh token in the cookie is the credential')
  @Refuses(ForeignPage, RefreshInProgress, RefreshRefused)
  @ApiOperation({
    summary: "Continue the staff session of the browser's cookie",
    description: 'Like `POST /v1/staff/auth/refresh`: the cookie works once and is replaced.',
  })
  @Answers(200, staffBrowserSessionSchema, 'The same session with a new access token.')
  async refresh(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    const token = COOKIE.kept(request);
    if (token === undefined) throw new RefreshRefused();
    return keep(reply, await this.auth.refresh(token));
  }

  @Post('logout')
  @HttpCode(204)
  @Public('the refresh token in the cookie is the credential')
  @Refuses(ForeignPage)
  @ApiOperation({
    summary: "End the staff session of the browser's cookie",
    description: 'Its impersonations end with it. Without a session nothing happens.',
  })
  @ApiNoContentResponse({ description: 'The session has ended, and the cookie is deleted.' })
  async logOut(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    const token = COOKIE.kept(request);
    if (token !== undefined) await this.sessions.endByToken(token);
    COOKIE.forget(reply);
  }
}

function keep(reply: FastifyReply, credentials: StaffCredentials) {
  COOKIE.keep(reply, credentials.session.refreshToken);
  return staffBrowserSessionView(credentials);
}
