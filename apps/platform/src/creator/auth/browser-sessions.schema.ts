import { z } from 'zod';
import type { Shown } from '#libs/kernel';
import type { Credentials } from './auth.service.js';
import { email, password, proof, sessionSchema, sessionView } from './auth.schema.js';

export const browserLogInSchema = z.strictObject({ email, password, ...proof }).meta({ id: 'BrowserLogIn' });
export type BrowserLogInForm = z.output<typeof browserLogInSchema>;

export const browserSessionSchema = sessionSchema.omit({ refresh_token: true }).meta({ id: 'BrowserSession' });

/** Without the refresh token, which is only in the cookie. */
export function browserSessionView(credentials: Credentials): Shown<typeof browserSessionSchema> {
  const { refresh_token: _, ...rest } = sessionView(credentials);
  return rest;
}
