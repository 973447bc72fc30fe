import { z } from 'zod';
import { code, password, proof } from './auth.schema.js';
import { type Shown } from '#libs/kernel';

export const beginSecondFactorSchema = z.strictObject({ password }).meta({ id: 'BeginSecondFactor' });
export type BeginSecondFactorForm = z.output<typeof beginSecondFactorSchema>;

export const confirmSecondFactorSchema = z
  .strictObject({ code })
  .meta({ id: 'ConfirmSecondFactor', examples: [{ code: '123456' }] });
export type ConfirmSecondFactorForm = z.output<typeof confirmSecondFactorSchema>;

export const disableSecondFactorSchema = z
  .strictObject({ password, ...proof })
  .meta({ id: 'DisableSecondFactor', examples: [{ password: 'correct horse battery', code: '123456' }] });
export type DisableSecondFactorForm = z.output<typeof disableSecondFactorSchema>;

export const enrolmentSchema = z
  .object({
    object: z.literal('second_factor_enrolment'),
    secret: z.string().describe('For manual entry into an authenticator. It is shown only here.'),
    otpauth_url: z.string().describe('The same for a QR code'),
  })
  .meta({ id: 'SecondFactorEnrolment' });

export const secondFactorSchema = z
  .object({
    object: z.literal('second_factor'),
    recovery_codes: z.array(z.string()).describe('Ten single-use codes, shown only here'),
  })
  .meta({ id: 'SecondFactor' });

export const enrolmentView = (enrolment: {
  readonly seed: string;
  readonly address: string;
}): Shown<typeof enrolmentSchema> => ({
  object: 'second_factor_enrolment',
  secret: enrolment.seed,
  otpauth_url: enrolment.address,
});

export const secondFactorView = (recoveryCodes: readonly string[]): Shown<typeof secondFactorSchema> => ({
  object: 'second_factor',
  recovery_codes: [...recoveryCodes],
});
