import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Creator, type CreatorSession, Who } from '../../http/audience.js';
import { Idempotency } from '../../http/idempotency.js';
import { proofIn } from './auth.schema.js';
import { AuthService } from './auth.service.js';
import {
  type BeginSecondFactorForm,
  beginSecondFactorSchema,
  type ConfirmSecondFactorForm,
  confirmSecondFactorSchema,
  type DisableSecondFactorForm,
  disableSecondFactorSchema,
  enrolmentSchema,
  enrolmentView,
  secondFactorSchema,
  secondFactorView,
} from './second-factor.schema.js';
import { Refuses } from '../../http/refuses.js';
import {
  CodesLocked,
  SecondFactorActive,
  SecondFactorNotBegun,
  SecondFactorRequired,
  TooBusy,
  WrongPassword,
  WrongSecondFactor,
} from '#libs/tenants';
import { TooManyAttempts } from '../../http/login-attempts.js';
import { Answers } from '../../http/answers.js';

@ApiTags('Account')
@Controller('v1/auth/second-factor')
export class SecondFactorController {
  constructor(private readonly auth: AuthService) {}

  @Post()
  @Idempotency({ ignored: true })
  @Creator('self')
  @Refuses(SecondFactorActive, TooManyAttempts, WrongPassword, TooBusy)
  @ApiOperation({
    summary: 'Begin a second factor',
    description:
      'The response is for an authenticator app (TOTP: SHA-1, six digits, 30 seconds). Nothing changes until ' +
      'you confirm one of its codes; beginning again replaces an unconfirmed secret.',
  })
  @Answers(200, enrolmentSchema, 'The secret for the authenticator, shown once.')
  async begin(@Who() who: CreatorSession, @Body({ schema: beginSecondFactorSchema }) form: BeginSecondFactorForm) {
    return enrolmentView(await this.auth.beginSecondFactor(who, form.password));
  }

  @Post('confirm')
  @Idempotency({ callsOut: true })
  @Creator('self')
  @Refuses(SecondFactorNotBegun, SecondFactorActive, WrongSecondFactor, TooManyAttempts, WrongPassword)
  @ApiOperation({
    summary: 'Turn the second factor on',
    description:
      'From then on, logging in, accepting an invitation and changing the password also need a code. ' +
      'Every other session of the account ends within five seconds; API keys belong to workspaces and do ' +
      'not change.',
  })
  @Answers(200, secondFactorSchema, 'The recovery codes, once.')
  async confirm(
    @Who() who: CreatorSession,
    @Body({ schema: confirmSecondFactorSchema }) form: ConfirmSecondFactorForm,
  ) {
    return secondFactorView(await this.auth.confirmSecondFactor(who, form.code));
  }

  @Post('disable')
  @HttpCode(204)
  @Idempotency({ ignored: true })
  @Creator('self')
  @Refuses(TooManyAttempts, WrongPassword, SecondFactorRequired, WrongSecondFactor, TooBusy, CodesLocked)
  @ApiOperation({
    summary: 'Turn the second factor off',
    description:
      'Needs the password and a code or recovery code. Every other session of the account ends within five ' +
      'seconds. Without a second factor nothing changes.',
  })
  @ApiNoContentResponse({ description: 'Only the password is needed now; secret and recovery codes are deleted.' })
  disable(
    @Who() who: CreatorSession,
    @Body({ schema: disableSecondFactorSchema }) form: DisableSecondFactorForm,
  ): Promise<void> {
    return this.auth.disableSecondFactor(who, form.password, proofIn(form));
  }
}
