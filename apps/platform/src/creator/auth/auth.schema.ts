import { z } from 'zod';
import { publicId } from '#libs/kernel';
import type { Profile } from '#libs/tenants';
import { ACCESS_LIFETIME } from './access-tokens.service.js';
import type { Credentials } from './auth.service.js';

const email = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .pipe(z.email({ error: 'must be an e-mail address' }));

export const signUpSchema = z
  .strictObject({
    email,
    password: z.string().min(10).max(200).describe('10 to 200 characters'),
    workspace: z.string().trim().min(1).max(100).describe('Name of the new workspace'),
  })
  .meta({ id: 'SignUp' });
export type SignUpForm = z.output<typeof signUpSchema>;

export const logInSchema = z.strictObject({ email, password: z.string().min(1).max(200) }).meta({ id: 'LogIn' });
export type LogInForm = z.output<typeof logInSchema>;

export const refreshSchema = z.strictObject({ refresh_token: z.string().min(1).max(200) }).meta({ id: 'Refresh' });
export type RefreshForm = z.output<typeof refreshSchema>;

const tenantSchema = z
  .object({
    object: z.literal('tenant'),
    id: z.string(),
    name: z.string(),
    state: z.enum(['active', 'warned', 'no_new_sales', 'outbound_stopped', 'locked', 'closed']),
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'Tenant' });

export const sessionSchema = z
  .object({
    object: z.literal('session'),
    access_token: z.string(),
    token_type: z.literal('Bearer'),
    expires_in: z.int().describe('Seconds until the access token expires'),
    refresh_token: z.string().describe('Works once; the answer to a refresh holds the next one'),
    tenant: tenantSchema,
  })
  .meta({ id: 'Session' });

export const meSchema = z
  .object({
    object: z.literal('account'),
    id: z.string(),
    email: z.string(),
    role: z.enum(['owner', 'admin', 'support', 'viewer']),
    tenant: tenantSchema,
  })
  .meta({ id: 'Me' });

const tenantView = ({ id, name, state, createdAt }: Profile['tenant']) => ({
  object: 'tenant' as const,
  id: publicId('tenant', id),
  name,
  state,
  created_at: createdAt.toISOString(),
});

export const sessionView = ({ accessToken, session }: Credentials) => ({
  object: 'session' as const,
  access_token: accessToken,
  token_type: 'Bearer' as const,
  expires_in: ACCESS_LIFETIME,
  refresh_token: session.refreshToken,
  tenant: tenantView(session.profile.tenant),
});

export const meView = ({ accountId, email, role, tenant }: Profile) => ({
  object: 'account' as const,
  id: publicId('account', accountId),
  email,
  role,
  tenant: tenantView(tenant),
});
