import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { MailUnavailable } from '#libs/mail';
import {
  Addresses,
  CodesLocked,
  EmailTaken,
  LinkInvalid,
  SecondFactorRequired,
  TooBusy,
  TooManyMails,
  WrongPassword,
  WrongSecondFactor,
} from '#libs/tenants';
import { Answers } from '../../http/answers.js';
import { Creator, type CreatorSession, Public, Who } from '../../http/audience.js';
import { Idempotency } from '../../http/idempotency.js';
import { LoginAttempts, TooManyAttempts } from '../../http/login-attempts.js';
import { From, type Origin } from '../../http/origin.js';
import { Refuses } from '../../http/refuses.js';
import { proofIn } from './auth.schema.js';
import {
  type ChangeAddressForm,
  changeAddressSchema,
  type ConfirmAddressForm,
  confirmAddressSchema,
  confirmedAddressSchema,
  type NewPasswordForm,
  newPasswordSchema,
} from './mail-links.schema.js';

@ApiTags('Account')
@Controller('v1/auth/address')
export class AddressesController {
  constructor(
    private readonly addresses: Addresses,
    private readonly attempts: LoginAttempts,
  ) {}

  @Post()
  @HttpCode(204)
  @Idempotency({ ignored: true })
  @Creator('self')
  @Refuses(
    MailUnavailable,
    TooManyMails,
    TooManyAttempts,
    WrongPassword,
    SecondFactorRequired,
    WrongSecondFactor,
    CodesLocked,
    TooBusy,
  )
  @ApiOperation({
    summary: 'Change your email address',
    description:
      'The new address gets a link that confirms it within a day; until then, nothing changes. The old address gets a link ' +
      'that keeps it or, after the change, restores it, within seven days.',
  })
  @ApiNoContentResponse({ description: 'Both emails are on their way.' })
  change(
    @Who() { accountId, credentialId }: CreatorSession,
    @Body({ schema: changeAddressSchema }) form: ChangeAddressForm,
    @From() { device }: Origin,
  ): Promise<void> {
    return this.attempts.guess(accountId, credentialId, () =>
      this.addresses.beginChange(accountId, form, proofIn(form), device),
    );
  }

  @Post('confirmation')
  @HttpCode(204)
  @Idempotency({ callsOut: true })
  @Creator('self')
  @Refuses(MailUnavailable, TooManyMails)
  @ApiOperation({
    summary: 'Send the link to confirm your address again',
    description:
      'At most three times per quarter of an hour, and ten times per day. Nothing is sent if the address is confirmed.',
  })
  @ApiNoContentResponse({ description: 'The email is on its way.' })
  ask(@Who() { accountId }: CreatorSession): Promise<void> {
    return this.addresses.askToConfirm(accountId);
  }

  @Post('confirm')
  @Public('the token from the email is the credential')
  @Refuses(LinkInvalid, EmailTaken)
  @ApiOperation({
    summary: 'Confirm an address with the link from an email',
    description: 'Confirms the address of an account or, after a change of address, activates the new one.',
  })
  @Answers(200, confirmedAddressSchema, 'The confirmed address.')
  async confirm(@Body({ schema: confirmAddressSchema }) { token }: ConfirmAddressForm) {
    return { object: 'confirmed_address' as const, email: await this.addresses.confirm(token) };
  }

  @Post('restore')
  @HttpCode(204)
  @Public('the token from the email is the credential')
  @Refuses(LinkInvalid, TooBusy)
  @ApiOperation({
    summary: 'Keep your address with the link from an email',
    description:
      'Cancels a change of address, or restores the old address, and sets a new password, because someone else knew the ' +
      'old one. Every session of the account ends.',
  })
  @ApiNoContentResponse({ description: 'The old address and the new password are valid.' })
  restore(
    @Body({ schema: newPasswordSchema }) { token, new_password: next }: NewPasswordForm,
    @From() { device }: Origin,
  ): Promise<void> {
    return this.addresses.restore(token, next, device);
  }
}
