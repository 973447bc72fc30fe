import { z } from 'zod';
import { email, newPassword, password, proof } from './auth.schema.js';

const token = z.string().min(1).max(200).describe('From the link in the email: everything after the `#`');

export const requestResetSchema = z.strictObject({ email }).meta({ id: 'RequestPasswordReset' });
export type RequestResetForm = z.output<typeof requestResetSchema>;

export const newPasswordSchema = z.strictObject({ token, new_password: newPassword }).meta({ id: 'NewPasswordByLink' });
export type NewPasswordForm = z.output<typeof newPasswordSchema>;

export const changeAddressSchema = z
  .strictObject({ email: email.describe('The new address'), password, ...proof })
  .meta({
    id: 'ChangeAddress',
    examples: [{ email: 'ada@example.com', password: 'correct horse battery', code: '123456' }],
  });
export type ChangeAddressForm = z.output<typeof changeAddressSchema>;

export const confirmAddressSchema = z.strictObject({ token }).meta({ id: 'ConfirmAddress' });
export type ConfirmAddressForm = z.output<typeof confirmAddressSchema>;

export const confirmedAddressSchema = z
  .object({ object: z.literal('confirmed_address'), email: z.string() })
  .meta({ id: 'ConfirmedAddress' });
