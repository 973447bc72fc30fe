import { Body, Controller, Get, HttpCode, Ip, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AccountService } from '#libs/tenants';
import { Creator, type CreatorSession, Public, Who } from '../../http/audience.js';
import {
  type LogInForm,
  logInSchema,
  meSchema,
  meView,
  type RefreshForm,
  refreshSchema,
  sessionSchema,
  sessionView,
  type SignUpForm,
  signUpSchema,
} from './auth.schema.js';
import { AuthService } from './auth.service.js';

@ApiTags('Account')
@Controller('v1')
export class AuthController {
  constructor(
    private readonly auth: AuthService,
    private readonly accounts: AccountService,
  ) {}

  @Post('auth/sign-up')
  @Public('nobody has a credential before signing up')
  @ApiOperation({ summary: 'Sign up: an account and its workspace' })
  @ApiCreatedResponse({ standardSchema: sessionSchema, description: 'The first session.' })
  async signUp(@Body({ schema: signUpSchema }) form: SignUpForm, @Ip() address: string) {
    return sessionView(await this.auth.signUp(form, address));
  }

  @Post('auth/login')
  @HttpCode(200)
  @Public('this is where a credential comes from')
  @ApiOperation({
    summary: 'Log in',
    description: 'Five failed attempts per account and twenty attempts per network address are allowed in a minute.',
  })
  @ApiOkResponse({ standardSchema: sessionSchema, description: 'A new session. It ends 30 days from now.' })
  async logIn(@Body({ schema: logInSchema }) form: LogInForm, @Ip() address: string) {
    return sessionView(await this.auth.logIn(form.email, form.password, address));
  }

  @Post('auth/refresh')
  @HttpCode(200)
  @Public('the refresh token is the credential')
  @ApiOperation({
    summary: 'Exchange a refresh token for new tokens',
    description:
      'A refresh token works once. Of requests that cross, one receives the new tokens and the others `refresh_in_progress`. ' +
      'A token that comes again more than ten seconds later was copied by somebody: the whole session ends.',
  })
  @ApiOkResponse({ standardSchema: sessionSchema, description: 'The same session with new tokens.' })
  async refresh(@Body({ schema: refreshSchema }) form: RefreshForm) {
    return sessionView(await this.auth.refresh(form.refresh_token));
  }

  @Post('auth/logout')
  @HttpCode(204)
  @Creator('self')
  @ApiOperation({ summary: 'End this session', description: 'Its access token lives on until it expires.' })
  @ApiNoContentResponse({ description: 'The session cannot be refreshed any more.' })
  logOut(@Who() who: CreatorSession): Promise<void> {
    return this.accounts.logOut(who.sessionId);
  }

  @Get('me')
  @Creator('self')
  @ApiOperation({ summary: 'Who am I, and in which workspace' })
  @ApiOkResponse({ standardSchema: meSchema, description: 'The account, its role, and the workspace.' })
  async me(@Who() who: CreatorSession) {
    return meView(await this.accounts.profile(who.accountId, who.tenantId));
  }
}
