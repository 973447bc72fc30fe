import { z } from 'zod';
import type { Shown } from '#libs/kernel';
import { email, password } from '../../creator/auth/auth.schema.js';
import { staffSessionSchema, staffSessionView } from './staff-auth.schema.js';
import type { StaffCredentials } from './staff-auth.service.js';

export const staffBrowserLogInSchema = z.strictObject({ email, password }).meta({ id: 'StaffBrowserLogIn' });
export type StaffBrowserLogIn = z.output<typeof staffBrowserLogInSchema>;

export const staffBrowserSessionSchema = staffSessionSchema
  .omit({ refresh_token: true })
  .meta({ id: 'StaffBrowserSession' });

/** Without the refresh token, which is only in the cookie. */
export function staffBrowserSessionView(credentials: StaffCredentials): Shown<typeof staffBrowserSessionSchema> {
  const { refresh_token: _, ...rest } = staffSessionView(credentials);
  return rest;
}
