import { z } from 'zod';
import { publicId, type Shown } from '#libs/kernel';
import { PERMISSIONS, STAFF_CAN, STAFF_ROLES, type StaffChallenge, type StaffFacts } from '#libs/staff';
import { code, deviceToken, email, newPassword, password, recoveryCode } from '../../creator/auth/auth.schema.js';
import { timeOrNull } from '../../http/schema.js';
import { lifetimeOf } from '../../http/signed-tokens.js';
import type { StaffCredentials } from './staff-auth.service.js';
import { CHALLENGE, STAFF_ACCESS } from '../../http/staff-tokens.service.js';

const time = z.iso.datetime();
export const staffRole = z.enum(STAFF_ROLES);

export const staffLogInSchema = z
  .strictObject({ email, password, device_token: deviceToken })
  .meta({ id: 'StaffLogIn' });
export type StaffLogIn = z.output<typeof staffLogInSchema>;

const challenge = z.string().min(1).max(1_000).describe('From the response to the login');

export const staffConfirmSchema = z
  .strictObject({ challenge, code })
  .meta({ id: 'StaffConfirm', examples: [{ challenge: 'eyJ...', code: '123456' }] });
export type StaffConfirm = z.output<typeof staffConfirmSchema>;

export const staffRecoverSchema = z
  .strictObject({ challenge, recovery_code: recoveryCode })
  .meta({ id: 'StaffRecover' });
export type StaffRecover = z.output<typeof staffRecoverSchema>;

export const staffRefreshSchema = z
  .strictObject({ refresh_token: z.string().min(1).max(200) })
  .meta({ id: 'StaffRefresh' });
export type StaffRefresh = z.output<typeof staffRefreshSchema>;

export const staffPasswordSchema = z
  .strictObject({ current_password: password, new_password: newPassword })
  .meta({ id: 'StaffChangePassword' });
export type StaffPassword = z.output<typeof staffPasswordSchema>;

export const challengeSchema = z
  .object({
    object: z.literal('staff_challenge'),
    challenge: z.string().describe('Send it with a code; it grants nothing else'),
    expires_in: z.int().describe('Seconds until the challenge expires'),
    enrolment: z
      .object({
        secret: z.string().describe('For manual entry into an authenticator; shown until a code is confirmed'),
        otpauth_url: z.string().describe('The same for a QR code'),
      })
      .nullable()
      .describe('Null when the second factor is already confirmed'),
  })
  .meta({ id: 'StaffChallenge' });

export const staffSessionSchema = z
  .object({
    object: z.literal('staff_session'),
    access_token: z.string(),
    token_type: z.literal('Bearer'),
    expires_in: z.int().describe('Seconds until the access token expires'),
    refresh_token: z.string().describe('Works once; an hour without a refresh ends the session'),
    recovery_codes: z
      .array(z.string())
      .nullable()
      .describe('Ten single-use codes, shown once when the second factor is confirmed; null otherwise'),
  })
  .meta({ id: 'StaffSession' });

export const staffMemberSchema = z
  .object({
    object: z.literal('staff'),
    id: z.string(),
    email: z.string(),
    role: staffRole,
    permissions: z
      .array(z.enum(PERMISSIONS))
      .describe('The permissions of this role; every route names the one that it needs'),
    second_factor_at: time
      .nullable()
      .describe('The time at which the second factor was confirmed; null if there is none'),
    created_at: time,
    disabled_at: time.nullable(),
  })
  .meta({ id: 'Staff' });

export const challengeView = (token: string, { enrolment }: StaffChallenge): Shown<typeof challengeSchema> => ({
  object: 'staff_challenge',
  challenge: token,
  expires_in: lifetimeOf(CHALLENGE),
  enrolment: enrolment === undefined ? null : { secret: enrolment.seed, otpauth_url: enrolment.address },
});

export const staffSessionView = ({ accessToken, session }: StaffCredentials): Shown<typeof staffSessionSchema> => ({
  object: 'staff_session',
  access_token: accessToken,
  token_type: 'Bearer',
  expires_in: lifetimeOf(STAFF_ACCESS),
  refresh_token: session.refreshToken,
  recovery_codes: session.recoveryCodes === undefined ? null : [...session.recoveryCodes],
});

export const staffMemberView = (staff: StaffFacts): Shown<typeof staffMemberSchema> => ({
  object: 'staff',
  id: publicId('staff', staff.id),
  email: staff.email,
  role: staff.role,
  permissions: [...STAFF_CAN[staff.role]],
  second_factor_at: timeOrNull(staff.secondFactorAt),
  created_at: staff.createdAt.toISOString(),
  disabled_at: timeOrNull(staff.disabledAt),
});
