import { z } from 'zod';
import { publicId, type Shown } from '#libs/kernel';
import {
  type Profile,
  type Scope,
  SCOPES,
  type SecondFactorFacts,
  type SecondFactorProof,
  TENANT_STATES,
  type Workspace,
} from '#libs/tenants';
import { idOf, timeOrNull } from '../../http/schema.js';
import { lifetimeOf } from '../../http/signed-tokens.js';
import { ACCESS_TOKEN } from './access-tokens.service.js';
import type { Credentials, LogIn, Switched } from './auth.service.js';

export const email = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .pipe(z.email({ error: 'must be an email address' }));

export const newPassword = z.string().min(10).max(200).describe('10 to 200 characters');
export const role = z.enum(['owner', 'admin', 'support', 'viewer']);

export const signUpSchema = z
  .strictObject({
    email,
    password: newPassword,
    workspace: z.string().trim().min(1).max(100).describe('Name of the new workspace'),
  })
  .meta({ id: 'SignUp' });
export type SignUpForm = z.output<typeof signUpSchema>;

export const password = z.string().min(1).max(200);
export const code = z.string().regex(/^\d{6}$/, { error: 'must be six digits' });
export const recoveryCode = z.string().min(16).max(40);

/** For actions that need more than a password: an account with a second factor needs one of the two. */
export const proof = {
  code: code.optional().describe("The authenticator's code, for an account with a second factor"),
  recovery_code: recoveryCode.optional().describe('Instead of `code`; each works once'),
};

export const proofIn = (form: {
  code?: string | undefined;
  recovery_code?: string | undefined;
}): SecondFactorProof => ({
  code: form.code,
  recoveryCode: form.recovery_code,
});

const refreshToken = z.string().min(1).max(200);
export const deviceToken = refreshToken
  .optional()
  .describe(
    'A refresh token that this device received in an earlier login, even if it was used or has expired. It ' +
      'grants nothing: it lets you log in while strangers guess your password.',
  );

export const logInSchema = z
  .strictObject({ email, password, ...proof, device_token: deviceToken })
  .meta({ id: 'LogIn' });
export type LogInForm = z.output<typeof logInSchema>;

export const logInOf = (form: LogInForm): LogIn => ({
  email: form.email,
  password: form.password,
  deviceToken: form.device_token,
  proof: proofIn(form),
});

export const refreshSchema = z.strictObject({ refresh_token: refreshToken }).meta({ id: 'Refresh' });
export type RefreshForm = z.output<typeof refreshSchema>;

export const changePasswordSchema = z
  .strictObject({ current_password: password, new_password: newPassword, ...proof })
  .meta({ id: 'ChangePassword' });
export type ChangePasswordForm = z.output<typeof changePasswordSchema>;

export const switchSchema = z
  .strictObject({ tenant_id: idOf('tenant').describe('One of the `workspaces` of `GET /v1/me`') })
  .meta({ id: 'SwitchWorkspace' });
export type SwitchForm = z.output<typeof switchSchema>;

const tenantSchema = z
  .object({
    object: z.literal('tenant'),
    id: z.string(),
    name: z.string(),
    state: z.enum(TENANT_STATES),
    created_at: z.iso.datetime(),
    restriction: z
      .object({ reason: z.string().nullable(), since: z.iso.datetime(), review_at: z.iso.datetime().nullable() })
      .nullable()
      .describe('The reason, the start and the next review of the restriction; null if not restricted'),
  })
  .meta({ id: 'Tenant' });

export const sessionSchema = z
  .object({
    object: z.literal('session'),
    access_token: z.string(),
    token_type: z.literal('Bearer'),
    expires_in: z.int().describe('Seconds until the access token expires'),
    refresh_token: z.string().describe('Works once; each refresh returns the next one'),
    tenant: tenantSchema,
  })
  .meta({ id: 'Session' });

export const switchedSchema = sessionSchema.omit({ refresh_token: true }).meta({ id: 'SwitchedSession' });

export const meSchema = z
  .object({
    object: z.literal('account'),
    id: z.string(),
    email: z.string(),
    email_confirmed_at: z.iso
      .datetime()
      .nullable()
      .describe(
        'Null until you use the link in the email after signing up; POST /v1/auth/address/confirmation sends it again',
      ),
    role,
    scopes: z
      .array(z.enum(SCOPES))
      .describe('Everything that this credential may currently do; every route names the scope that it needs'),
    second_factor: z
      .object({ confirmed_at: z.iso.datetime(), recovery_codes_left: z.int() })
      .nullable()
      .describe('Null if the account has none'),
    tenant: tenantSchema,
    workspaces: z
      .array(z.object({ id: z.string(), name: z.string(), role }))
      .describe('All workspaces of the account; `POST /v1/auth/switch` switches to another one'),
  })
  .meta({ id: 'Me' });

const tenantView = ({ id, name, state, createdAt, restriction }: Profile['tenant']): Shown<typeof tenantSchema> => ({
  object: 'tenant' as const,
  id: publicId('tenant', id),
  name,
  state,
  created_at: createdAt.toISOString(),
  restriction:
    restriction === null
      ? null
      : {
          reason: restriction.reason,
          since: restriction.since.toISOString(),
          review_at: timeOrNull(restriction.reviewAt),
        },
});

const accessView = (accessToken: string, tenant: Profile['tenant']): Shown<typeof switchedSchema> => ({
  object: 'session' as const,
  access_token: accessToken,
  token_type: 'Bearer' as const,
  expires_in: lifetimeOf(ACCESS_TOKEN),
  tenant: tenantView(tenant),
});

export const sessionView = ({ accessToken, session }: Credentials): Shown<typeof sessionSchema> => ({
  ...accessView(accessToken, session.profile.tenant),
  refresh_token: session.refreshToken,
});

export const switchedView = ({ accessToken, profile }: Switched): Shown<typeof switchedSchema> =>
  accessView(accessToken, profile.tenant);

export const meView = (
  { accountId, email, emailConfirmedAt, role, tenant }: Profile,
  workspaces: readonly Workspace[],
  factor: SecondFactorFacts | undefined,
  scopes: readonly Scope[],
): Shown<typeof meSchema> => ({
  object: 'account' as const,
  id: publicId('account', accountId),
  email,
  email_confirmed_at: timeOrNull(emailConfirmedAt),
  role,
  scopes: [...scopes],
  second_factor:
    factor === undefined
      ? null
      : { confirmed_at: factor.confirmedAt.toISOString(), recovery_codes_left: factor.recoveryCodesLeft },
  tenant: tenantView(tenant),
  workspaces: workspaces.map(({ id, name, role }) => ({ id: publicId('tenant', id), name, role })),
});
