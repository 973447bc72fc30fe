import { queryOptions } from '@tanstack/react-query';
import { answered, type Schema } from '#libs/client';
import { api, newKey } from '../../api/client';

export const requestReset = (body: Schema<'RequestPasswordReset'>) =>
  answered(api.POST('/v1/auth/password-resets', { body }));

export const completeReset = (body: Schema<'NewPasswordByLink'>) =>
  answered(api.POST('/v1/auth/password-resets/complete', { body }));

export const confirmAddress = (token: string) => answered(api.POST('/v1/auth/address/confirm', { body: { token } }));

export const keepAddress = (body: Schema<'NewPasswordByLink'>) =>
  answered(api.POST('/v1/auth/address/restore', { body }));

export const sendConfirmation = () =>
  answered(api.POST('/v1/auth/address/confirmation', { params: { header: newKey() } }));

/** The invitation with this token. The token is not part of the query's key, because developer tools show keys. */
export const invitationQuery = (token: string) =>
  queryOptions({
    queryKey: ['invitation'],
    queryFn: () => answered(api.POST('/v1/invitations/show', { body: { token } })),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
