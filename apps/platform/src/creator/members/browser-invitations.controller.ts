import { Body, Controller, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { QuotaExhausted } from '#libs/quotas';
import {
  AlreadyMember,
  CodesLocked,
  EmailTaken,
  InvitationInvalid,
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
import { proofIn } from '../auth/auth.schema.js';
import { AuthService } from '../auth/auth.service.js';
import { CREATOR_COOKIE } from '../auth/browser-cookie.js';
import { browserSessionSchema, browserSessionView } from '../auth/browser-sessions.schema.js';
import { type Accept, acceptSchema } from './members.schema.js';

@ApiTags('Members')
@Controller('v1/auth/browser')
@FromOwnPages()
export class BrowserInvitationsController {
  constructor(private readonly auth: AuthService) {}

  @Post('accept-invitation')
  @Public('the token of the invitation and the password are the credential')
  @Refuses(
    ForeignPage,
    WrongCredentials,
    AlreadyMember,
    InvitationInvalid,
    QuotaExhausted,
    EmailTaken,
    TooBusy,
    SecondFactorRequired,
    TooManyAttempts,
    WrongSecondFactor,
    CodesLocked,
  )
  @ApiOperation({
    summary: 'Accept an invitation from a browser',
    description: 'Like `POST /v1/invitations/accept`, with the refresh token in the cookie `__Host-starwall-session`.',
  })
  @Answers(200, browserSessionSchema, 'A session in the workspace.')
  async accept(
    @Body({ schema: acceptSchema }) body: Accept,
    @From() origin: Origin,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const credentials = await this.auth.accept(body.token, body.password, proofIn(body), origin);
    CREATOR_COOKIE.keep(reply, credentials.session.refreshToken);
    return browserSessionView(credentials);
  }
}
