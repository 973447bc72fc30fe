import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { answered, type Schema } from '#libs/client';
import { api, newKey, queryClient } from '../../api/client';
import { meQuery } from '../../api/everywhere';

const KEY = ['workspace'];
const MOST = 100;
const PAGE = 50;

export type Role = Schema<'Member'>['role'];

export const membersQuery = queryOptions({
  queryKey: [...KEY, 'members'],
  queryFn: async () => (await answered(api.GET('/v1/members', { params: { query: { limit: MOST } } }))).data,
});

export const invitationsQuery = queryOptions({
  queryKey: [...KEY, 'invitations'],
  queryFn: async () => {
    const { data } = await answered(api.GET('/v1/invitations', { params: { query: { limit: MOST } } }));
    return data.filter(({ state }) => state === 'open');
  },
});

export const invite = (body: Schema<'CreateInvitation'>) =>
  answered(api.POST('/v1/invitations', { body, params: { header: newKey() } }));

export const revokeInvitation = (id: string) =>
  answered(api.DELETE('/v1/invitations/{id}', { params: { path: { id } } }));

export const changeRole = (id: string, role: Role) =>
  answered(api.PATCH('/v1/members/{id}', { body: { role }, params: { path: { id } } }));

export const removeMember = (id: string) => answered(api.DELETE('/v1/members/{id}', { params: { path: { id } } }));

export const sessionsQuery = queryOptions({
  queryKey: [...KEY, 'sessions'],
  queryFn: async () => (await answered(api.GET('/v1/sessions', { params: { query: { limit: MOST } } }))).data,
});

export const endSession = (id: string) => answered(api.DELETE('/v1/sessions/{id}', { params: { path: { id } } }));
export const endOthers = () => answered(api.POST('/v1/sessions/revoke-others'));

export const changePassword = (body: Schema<'ChangePassword'>) => answered(api.POST('/v1/auth/password', { body }));
export const changeAddress = (body: Schema<'ChangeAddress'>) => answered(api.POST('/v1/auth/address', { body }));
export const beginFactor = (body: Schema<'BeginSecondFactor'>) =>
  answered(api.POST('/v1/auth/second-factor', { body }));
export const confirmFactor = (body: Schema<'ConfirmSecondFactor'>) =>
  answered(api.POST('/v1/auth/second-factor/confirm', { body }));
export const disableFactor = (body: Schema<'DisableSecondFactor'>) =>
  answered(api.POST('/v1/auth/second-factor/disable', { body }));

export const usageQuery = queryOptions({
  queryKey: [...KEY, 'usage'],
  queryFn: () => answered(api.GET('/v1/usage')),
});

export const auditQuery = infiniteQueryOptions({
  queryKey: [...KEY, 'audit'],
  queryFn: ({ pageParam }) => {
    const query = { limit: PAGE, ...(pageParam === undefined ? {} : { starting_after: pageParam }) };
    return answered(api.GET('/v1/audit-entries', { params: { query } }));
  },
  initialPageParam: undefined as string | undefined,
  getNextPageParam: ({ data, has_more: hasMore }) => (hasMore ? data.at(-1)?.id : undefined),
});

/** All data of the workspace as a ZIP archive. */
export const archiveFile = async () => (await answered(api.GET('/v1/export', { parseAs: 'blob' }))) as unknown as Blob;

export const closeWorkspace = (body: Schema<'CloseWorkspace'>) =>
  answered(api.POST('/v1/workspace/close', { body, params: { header: newKey() } }));

/** The pending closure, if any. Before the first one the API answers "not found", so its events are read first. */
export const closureQuery = queryOptions({
  queryKey: [...KEY, 'closure'],
  queryFn: async () => {
    const query = { type: 'workspace.closing', limit: 1 } as const;
    const { data } = await answered(api.GET('/v1/events', { params: { query } }));
    if (data.length === 0) return null;
    const closure = await answered(api.GET('/v1/workspace/closure'));
    return closure.state === 'pending' ? closure : null;
  },
});

/** The audit log as NDJSON. */
export const auditFile = async () =>
  (await answered(api.GET('/v1/audit-entries.ndjson', { parseAs: 'blob' }))) as unknown as Blob;

/** Cancels the closure. @throws StarwallProblem if there is none */
export const keepWorkspace = () => answered(api.POST('/v1/workspace/close/cancel'));

export const workspaceChanged = () =>
  Promise.all([
    queryClient.invalidateQueries({ queryKey: KEY }),
    queryClient.invalidateQueries({ queryKey: meQuery.queryKey }),
  ]);
