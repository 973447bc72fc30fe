import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { MailStore, MailUnavailable } from '#libs/mail';
import { LinkInvalid, PasswordResets, TooBusy } from '#libs/tenants';
import { Afterwards } from '../../http/afterwards.js';
import { Public } from '../../http/audience.js';
import { LoginAttempts, TooManyAttempts } from '../../http/login-attempts.js';
import { From, type Origin } from '../../http/origin.js';
import { Refuses } from '../../http/refuses.js';
import {
  type NewPasswordForm,
  newPasswordSchema,
  type RequestResetForm,
  requestResetSchema,
} from './mail-links.schema.js';

@ApiTags('Account')
@Controller('v1/auth/password-resets')
export class PasswordResetsController {
  constructor(
    private readonly resets: PasswordResets,
    private readonly mails: MailStore,
    private readonly attempts: LoginAttempts,
    private readonly afterwards: Afterwards,
  ) {}

  @Post()
  @HttpCode(204)
  @Public('a person who forgot the password has no credential')
  @Refuses(MailUnavailable, TooManyAttempts)
  @ApiOperation({
    summary: 'Request a link to set a new password',
    description:
      'If there is an account with this address, it gets an email with a link that works once, for 30 minutes. The response is ' +
      'the same without one. Per quarter of an hour, an address accepts three requests, and a network can send ' +
      'twenty times.',
  })
  @ApiNoContentResponse({ description: 'The email is on its way, if there is an account.' })
  async request(@Body({ schema: requestResetSchema }) { email }: RequestResetForm, @From() origin: Origin) {
    this.mails.requireAvailable();
    await this.attempts.mail(email, origin.address);
    this.afterwards.begin('send a link to set a password', () => this.resets.request(email, origin.device));
  }

  @Post('complete')
  @HttpCode(204)
  @Public('the token from the email is the credential')
  @Refuses(LinkInvalid, TooBusy)
  @ApiOperation({
    summary: 'Set a new password with the link from an email',
    description:
      'Every session of the account ends within five seconds, with all its tokens, and its owner gets an email about it. ' +
      'API keys belong to workspaces and do not change. A second factor stays: the next login asks for it.',
  })
  @ApiNoContentResponse({ description: 'The new password is valid. Log in with it.' })
  complete(
    @Body({ schema: newPasswordSchema }) { token, new_password: next }: NewPasswordForm,
    @From() { device }: Origin,
  ): Promise<void> {
    return this.resets.reset(token, next, device);
  }
}
