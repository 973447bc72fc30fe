import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { StaffAccounts, ChallengeInvalid, WrongCode } from '#libs/staff';
import { Public, Staff, type StaffSession, StaffWho } from '../../http/audience.js';
import { From, type Origin } from '../../http/origin.js';
import {
  challengeSchema,
  challengeView,
  type StaffConfirm,
  staffConfirmSchema,
  type StaffLogIn,
  staffLogInSchema,
  staffMemberSchema,
  staffMemberView,
  type StaffPassword,
  staffPasswordSchema,
  type StaffRecover,
  staffRecoverSchema,
  type StaffRefresh,
  staffRefreshSchema,
  staffSessionSchema,
  staffSessionView,
} from './staff-auth.schema.js';
import { StaffAuthService } from './staff-auth.service.js';
import { Refuses } from '../../http/refuses.js';
import {
  CodesLocked,
  RefreshInProgress,
  RefreshRefused,
  TooBusy,
  WrongCredentials,
  WrongPassword,
} from '#libs/tenants';
import { TooManyAttempts } from '../../http/login-attempts.js';
import { Answers } from '../../http/answers.js';

@ApiTags('Staff: account')
@Controller('v1/staff')
export class StaffAuthController {
  constructor(
    private readonly auth: StaffAuthService,
    private readonly accounts: StaffAccounts,
  ) {}

  @Post('auth/login')
  @Public('challenges are issued here')
  @Refuses(WrongCredentials, TooManyAttempts, TooBusy)
  @ApiOperation({
    summary: 'Log in as staff: the password',
    description:
      'The response alone grants nothing: a code of the authenticator is also needed. A person without one ' +
      'gets a secret to enrol. Per minute, a network may fail five times at one account and try to log in ' +
      'twenty times; an account allows a hundred failures from all networks, after which only networks and ' +
      'devices that have logged in before are accepted.',
  })
  @Answers(200, challengeSchema, 'The challenge for the second part of the login.')
  async logIn(@Body({ schema: staffLogInSchema }) form: StaffLogIn, @From() origin: Origin) {
    const { token, challenge } = await this.auth.logIn(form.email, form.password, origin, form.device_token);
    return challengeView(token, challenge);
  }

  @Post('auth/confirm')
  @Public('challenge and code are the credential')
  @Refuses(ChallengeInvalid, TooManyAttempts, CodesLocked, WrongCode)
  @ApiOperation({
    summary: 'Log in as staff: the code',
    description:
      'A code works once. The first one confirms the authenticator and returns the recovery codes. ' +
      'Ten wrong codes in a row disable codes for an hour, then for longer each time; recovery codes still work.',
  })
  @Answers(200, staffSessionSchema, 'A session of twelve hours at most.')
  async confirm(@Body({ schema: staffConfirmSchema }) form: StaffConfirm, @From() origin: Origin) {
    return staffSessionView(await this.auth.confirm(form.challenge, form.code, origin));
  }

  @Post('auth/recover')
  @Public('challenge and recovery code are the credential')
  @Refuses(ChallengeInvalid, WrongCode, TooManyAttempts)
  @ApiOperation({ summary: 'Log in as staff: a recovery code', description: 'Instead of a code. Each works once.' })
  @Answers(200, staffSessionSchema, 'A session of twelve hours at most.')
  async recover(@Body({ schema: staffRecoverSchema }) form: StaffRecover, @From() origin: Origin) {
    return staffSessionView(await this.auth.recover(form.challenge, form.recovery_code, origin));
  }

  @Post('auth/refresh')
  @Public('the refresh token is the credential')
  @Refuses(RefreshInProgress, RefreshRefused)
  @ApiOperation({
    summary: 'Exchange a refresh token of staff for new tokens',
    description:
      'Each works once. The session ends after an hour without a refresh, and after twelve hours in any case.',
  })
  @Answers(200, staffSessionSchema, 'The same session with new tokens.')
  async refresh(@Body({ schema: staffRefreshSchema }) form: StaffRefresh) {
    return staffSessionView(await this.auth.refresh(form.refresh_token));
  }

  @Post('auth/logout')
  @HttpCode(204)
  @Staff('self')
  @ApiOperation({ summary: 'End this staff session', description: 'Its impersonations end with it.' })
  @ApiNoContentResponse({ description: 'The session is over.' })
  logOut(@StaffWho() who: StaffSession): Promise<void> {
    return this.auth.logOut(who);
  }

  @Post('auth/password')
  @HttpCode(204)
  @Staff('self')
  @Refuses(WrongPassword, TooManyAttempts, TooBusy)
  @ApiOperation({ summary: 'Change your password as staff', description: 'Your other sessions end.' })
  @ApiNoContentResponse({ description: 'The new password is valid; this session continues.' })
  changePassword(@StaffWho() who: StaffSession, @Body({ schema: staffPasswordSchema }) form: StaffPassword) {
    return this.auth.changePassword(who, form.current_password, form.new_password);
  }

  @Get('me')
  @Staff('self')
  @ApiOperation({ summary: 'Read your own staff account and permissions' })
  @Answers(200, staffMemberSchema, 'Your account.')
  async me(@StaffWho() who: StaffSession) {
    return staffMemberView(await this.accounts.get(who.staffId));
  }
}
