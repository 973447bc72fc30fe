import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answered, type Schema } from '#libs/client';
import { staffApi, staffQueries } from '../api/client';
import type { TenantState } from '../parts/tenant-state';

const KEY = ['tenants'];
const PAGE = 50;
const FEW = 8;

/** Every read of a workspace is logged in its audit log, so nothing is fetched again just because a tab gains focus. */
const SELDOM = { staleTime: 60_000, refetchOnWindowFocus: false };

export interface TenantFilters {
  readonly query?: string;
  readonly state?: TenantState;
}

export const tenantsQuery = (filters: TenantFilters) =>
  infiniteQueryOptions({
    queryKey: [...KEY, 'list', filters],
    queryFn: ({ pageParam }) => {
      const cursor = pageParam === undefined ? {} : { starting_after: pageParam };
      return answered(staffApi.GET('/v1/staff/tenants', { params: { query: { ...filters, ...cursor, limit: PAGE } } }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ data, has_more: hasMore }) => (hasMore ? data.at(-1)?.id : undefined),
    ...SELDOM,
  });

/** The first few that match, for the palette. */
export const tenantsFoundQuery = (query: string) =>
  queryOptions({
    queryKey: [...KEY, 'found', query],
    queryFn: async () =>
      (await answered(staffApi.GET('/v1/staff/tenants', { params: { query: { query, limit: FEW } } }))).data,
    placeholderData: keepPreviousData,
    ...SELDOM,
  });

export const tenantQuery = (id: string) =>
  queryOptions({
    queryKey: [...KEY, id],
    queryFn: () => answered(staffApi.GET('/v1/staff/tenants/{id}', { params: { path: { id } } })),
    ...SELDOM,
  });

export const usageQuery = (id: string) =>
  queryOptions({
    queryKey: [...KEY, id, 'usage'],
    queryFn: () => answered(staffApi.GET('/v1/staff/tenants/{id}/usage', { params: { path: { id } } })),
  });

export const plansQuery = queryOptions({
  queryKey: ['plans'],
  queryFn: async () => (await answered(staffApi.GET('/v1/staff/plans'))).data,
});

const of = (id: string) => ({ params: { path: { id } } });

export const restrict = (id: string, body: Schema<'RestrictTenant'>) =>
  answered(staffApi.POST('/v1/staff/tenants/{id}/restrict', { ...of(id), body }));

export const lift = (id: string, body: Schema<'LiftTenant'>) =>
  answered(staffApi.POST('/v1/staff/tenants/{id}/lift', { ...of(id), body }));

/** Emails a member a link to set a new password. */
export const resetPassword = (id: string, account: string, reason: string) =>
  answered(
    staffApi.POST('/v1/staff/tenants/{id}/members/{accountId}/password-reset', {
      params: { path: { id, accountId: account } },
      body: { reason },
    }),
  );

export const impersonate = (id: string, reason: string) =>
  answered(staffApi.POST('/v1/staff/tenants/{id}/impersonate', { ...of(id), body: { reason } }));

export const closeTenant = (id: string, reason: string) =>
  answered(staffApi.POST('/v1/staff/tenants/{id}/close', { ...of(id), body: { reason } }));

export const cancelClosing = (id: string, reason: string) =>
  answered(staffApi.POST('/v1/staff/tenants/{id}/close/cancel', { ...of(id), body: { reason } }));

export const eraseBuyer = (id: string, buyer: number, reason: string) =>
  answered(
    staffApi.POST('/v1/staff/tenants/{id}/buyers/{telegram_id}/erase', {
      params: { path: { id, telegram_id: String(buyer) } },
      body: { reason },
    }),
  );

export const changePlan = (id: string, body: Schema<'ChangePlan'>) =>
  answered(staffApi.PUT('/v1/staff/tenants/{id}/plan', { ...of(id), body }));

export type LimitName = Schema<'StaffUsage'>['data'][number]['name'];

export const setLimit = (id: string, name: LimitName, body: Schema<'SetLimit'>) =>
  answered(staffApi.PUT('/v1/staff/tenants/{id}/limits/{name}', { params: { path: { id, name } }, body }));

const ofBot = (tenant: string, bot: string) => ({ params: { path: { tenant_id: tenant, bot_id: bot } } });

export const stopBot = (tenant: string, bot: string, reason: string) =>
  answered(
    staffApi.POST('/v1/staff/tenants/{tenant_id}/bots/{bot_id}/stop', { ...ofBot(tenant, bot), body: { reason } }),
  );

export const releaseBot = (tenant: string, bot: string, reason: string) =>
  answered(
    staffApi.POST('/v1/staff/tenants/{tenant_id}/bots/{bot_id}/release', { ...ofBot(tenant, bot), body: { reason } }),
  );

/** The archive with all data of a workspace. */
export const exportTenant = async (id: string) =>
  (await answered(staffApi.GET('/v1/staff/tenants/{id}/export', { ...of(id), parseAs: 'blob' }))) as unknown as Blob;

/** Refetches everything about a workspace. @param id of the workspace that was changed */
export const tenantChanged = (id: string) =>
  Promise.all([
    staffQueries.invalidateQueries({ queryKey: [...KEY, id] }),
    staffQueries.invalidateQueries({ queryKey: [...KEY, 'list'] }),
    staffQueries.invalidateQueries({ queryKey: ['operations'] }),
  ]);
