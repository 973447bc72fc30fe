import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Database } from '#libs/database';
import type { Clock } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import {
  InvitationService,
  AlreadyMember,
  CodesLocked,
  EmailTaken,
  InvitationInvalid,
  RoleNotYours,
  SecondFactorRequired,
  TooBusy,
  WrongCredentials,
  WrongSecondFactor,
} from '#libs/tenants';
import { Creator, type CreatorSession, Public, Who } from '../../http/audience.js';
import { From, type Origin } from '../../http/origin.js';
import { cursorOf, idOf, page } from '../../http/schema.js';
import { proofIn, sessionSchema, sessionView } from '../auth/auth.schema.js';
import { AuthService } from '../auth/auth.service.js';
import {
  type Accept,
  acceptSchema,
  invitationListSchema,
  invitationView,
  type Invite,
  inviteSchema,
  type ListInvitations,
  listInvitationsSchema,
  newInvitationViewSchema,
  type ShowInvitation,
  showInvitationSchema,
  shownInvitationSchema,
  shownInvitationView,
} from './members.schema.js';
import { Refuses } from '../../http/refuses.js';
import { QuotaExhausted } from '#libs/quotas';
import { TooManyAttempts } from '../../http/login-attempts.js';
import { Answers } from '../../http/answers.js';

@ApiTags('Members')
@Controller('v1/invitations')
export class InvitationsController {
  constructor(
    private readonly db: Database,
    private readonly invitations: InvitationService,
    private readonly auth: AuthService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @Creator('members:write')
  @Refuses(RoleNotYours, QuotaExhausted)
  @ApiOperation({
    summary: 'Invite a person to the workspace',
    description:
      'The person gets an email with a link, unless `mailed` is false: then give them the link `/join#` with the token of this ' +
      'response yourself. It works once, for seven days, and a new invitation of the same address replaces it. Twenty per day ' +
      'are emailed. Owners can invite people into every role, admins into support and viewer.',
  })
  @Answers(201, newInvitationViewSchema, 'The invitation with its token, which is shown only here.')
  async create(@Who() who: CreatorSession, @Body({ schema: inviteSchema }) body: Invite) {
    const made = await this.db.inTenant(who.tenantId, (tx) => this.invitations.create(tx, who.accountId, body));
    return { ...invitationView(made.row, this.clock.now()), token: made.token, mailed: made.mailed };
  }

  @Get()
  @Creator('members:read')
  @ApiOperation({ summary: 'List invitations, newest first' })
  @Answers(200, invitationListSchema, 'A page of invitations, without their tokens.')
  async list(@Who() who: CreatorSession, @Query({ schema: listInvitationsSchema }) query: ListInvitations) {
    const rows = await this.db.inTenant(who.tenantId, (tx) => this.invitations.list(tx, query.limit, cursorOf(query)));
    const now = this.clock.now();
    return page(rows, query, (row) => invitationView(row, now));
  }

  @Delete(':id')
  @HttpCode(204)
  @Creator('members:write')
  @ApiOperation({ summary: 'Cancel an invitation', description: 'An accepted invitation does not change.' })
  @ApiNoContentResponse({ description: 'It can no longer be accepted.' })
  revoke(@Who() who: CreatorSession, @Param('id', { schema: idOf('invitation') }) id: string): Promise<void> {
    return this.db.inTenant(who.tenantId, (tx) => this.invitations.revoke(tx, id));
  }

  @Post('show')
  @Public('the token of the invitation is the credential')
  @Refuses(InvitationInvalid)
  @ApiOperation({
    summary: 'Read an invitation by its token',
    description: 'For the page on which the invited person accepts it.',
  })
  @Answers(200, shownInvitationSchema, 'The open invitation.')
  async show(@Body({ schema: showInvitationSchema }) { token }: ShowInvitation) {
    return shownInvitationView(await this.invitations.facts(token));
  }

  @Post('accept')
  @Public('the token of the invitation and the password are the credential')
  @Refuses(
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
    summary: 'Accept an invitation',
    description:
      'Needs the password of the account with the invited address or, if there is none, a password for ' +
      'a new one. An account with a second factor also needs `code` or `recovery_code`. The limits of the ' +
      'login apply.',
  })
  @Answers(200, sessionSchema, 'A session in the workspace.')
  async accept(@Body({ schema: acceptSchema }) body: Accept, @From() origin: Origin) {
    return sessionView(await this.auth.accept(body.token, body.password, proofIn(body), origin));
  }
}
