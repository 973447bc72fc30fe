import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  AccountService,
  SecondFactors,
  CodesLocked,
  EmailTaken,
  NoWorkspace,
  RefreshInProgress,
  RefreshRefused,
  SecondFactorRequired,
  TooBusy,
  WrongCredentials,
  WrongPassword,
  WrongSecondFactor,
} from '#libs/tenants';
import { Creator, type CreatorSession, Public, Who } from '../../http/audience.js';
import { Idempotency } from '../../http/idempotency.js';
import { From, type Origin } from '../../http/origin.js';
import {
  type ChangePasswordForm,
  changePasswordSchema,
  type LogInForm,
  logInOf,
  logInSchema,
  meSchema,
  meView,
  proofIn,
  type RefreshForm,
  refreshSchema,
  sessionSchema,
  sessionView,
  type SignUpForm,
  signUpSchema,
  type SwitchForm,
  switchedSchema,
  switchedView,
  switchSchema,
} from './auth.schema.js';
import { AuthService } from './auth.service.js';
import { Refuses } from '../../http/refuses.js';
import { NotFound } from '#libs/kernel';
import { TooManyAttempts } from '../../http/login-attempts.js';
import { Answers } from '../../http/answers.js';

/**
 * Sessions belong to the platform: changing them cannot be part of a tenant's transaction, and can be repeated safely.
 */
const OF_THE_PLATFORM = { callsOut: true };

@ApiTags('Account')
@Controller('v1')
export class AuthController {
  constructor(
    private readonly auth: AuthService,
    private readonly accounts: AccountService,
    private readonly factors: SecondFactors,
  ) {}

  @Post('auth/sign-up')
  @Public('signing up comes before having a credential')
  @Refuses(EmailTaken, TooManyAttempts, TooBusy)
  @ApiOperation({ summary: 'Sign up: an account and its workspace' })
  @Answers(201, sessionSchema, 'The first session.')
  async signUp(@Body({ schema: signUpSchema }) form: SignUpForm, @From() origin: Origin) {
    return sessionView(await this.auth.signUp(form, origin));
  }

  @Post('auth/login')
  @Public('credentials are issued here')
  @Refuses(
    WrongCredentials,
    NoWorkspace,
    TooBusy,
    SecondFactorRequired,
    TooManyAttempts,
    WrongSecondFactor,
    CodesLocked,
  )
  @ApiOperation({
    summary: 'Log in',
    description:
      'An account with a second factor also needs `code` or `recovery_code`; if the password is right ' +
      'and both are missing, the error is `second_factor_required`. Per minute, a network may fail five ' +
      'times at one account and try to log in twenty times; an account allows a hundred failures from all ' +
      'networks, after which only networks and devices that have logged in before are accepted. Ten wrong ' +
      'codes in a row disable codes for an hour, then for longer each time; recovery codes still work.',
  })
  @Answers(200, sessionSchema, 'A new session. It ends 30 days from now.')
  async logIn(@Body({ schema: logInSchema }) form: LogInForm, @From() origin: Origin) {
    return sessionView(await this.auth.logIn(logInOf(form), origin));
  }

  @Post('auth/refresh')
  @Public('the refresh token is the credential')
  @Refuses(RefreshRefused, RefreshInProgress)
  @ApiOperation({
    summary: 'Exchange a refresh token for new tokens',
    description:
      'A refresh token works once. Of concurrent requests, one receives the new tokens and the others ' +
      '`refresh_in_progress`. A token that is used again more than ten seconds later counts as stolen, and the ' +
      'whole session ends.',
  })
  @Answers(200, sessionSchema, 'The same session with new tokens.')
  async refresh(@Body({ schema: refreshSchema }) form: RefreshForm) {
    return sessionView(await this.auth.refresh(form.refresh_token));
  }

  @Post('auth/logout')
  @HttpCode(204)
  @Idempotency(OF_THE_PLATFORM)
  @Creator('self')
  @ApiOperation({
    summary: 'End this session',
    description: 'Its access tokens stop working within five seconds.',
  })
  @ApiNoContentResponse({ description: 'The session is over.' })
  logOut(@Who() who: CreatorSession): Promise<void> {
    return this.accounts.logOut(who.accountId, who.credentialId);
  }

  @Post('auth/password')
  @HttpCode(204)
  @Idempotency({ ignored: true })
  @Creator('self')
  @Refuses(WrongPassword, TooManyAttempts, SecondFactorRequired, TooBusy, WrongSecondFactor, CodesLocked)
  @ApiOperation({
    summary: 'Change the password',
    description:
      'Every other session of the account ends, in all workspaces and with all its tokens, within five ' +
      'seconds. API keys belong to workspaces and do not change. An account with a second factor needs ' +
      '`code` or `recovery_code`. Five wrong ones are allowed per minute. The owner gets an email about it.',
  })
  @ApiNoContentResponse({ description: 'The new password is valid; this session continues.' })
  changePassword(
    @Who() who: CreatorSession,
    @Body({ schema: changePasswordSchema }) form: ChangePasswordForm,
    @From() origin: Origin,
  ): Promise<void> {
    const passwords = { current: form.current_password, next: form.new_password };
    return this.auth.changePassword(who, passwords, proofIn(form), origin);
  }

  @Post('auth/switch')
  @Idempotency(OF_THE_PLATFORM)
  @Creator('self')
  @Refuses(NotFound)
  @ApiOperation({
    summary: 'Switch to another workspace',
    description:
      'Moves the session: the response contains an access token for the other workspace, and your refresh token ' +
      'stays valid and issues tokens for it from now on. Access tokens for the previous workspace work ' +
      'until they expire.',
  })
  @Answers(200, switchedSchema, 'An access token for that workspace.')
  async switch(@Who() who: CreatorSession, @Body({ schema: switchSchema }) form: SwitchForm) {
    return switchedView(await this.auth.switchTo(who, form.tenant_id));
  }

  @Get('me')
  @Creator('self')
  @Refuses(NotFound)
  @ApiOperation({ summary: 'Read your account and workspaces' })
  @Answers(200, meSchema, 'The account, its role, and the workspace.')
  async me(@Who() who: CreatorSession) {
    const [profile, workspaces, factor] = await Promise.all([
      this.accounts.profile(who.accountId, who.tenantId),
      this.accounts.workspaces(who.accountId),
      this.factors.of(who.accountId),
    ]);
    return meView(profile, workspaces, factor, who.scopes);
  }
}
