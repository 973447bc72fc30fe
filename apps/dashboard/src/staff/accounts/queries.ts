import { infiniteQueryOptions } from '@tanstack/react-query';
import { answered, type Schema } from '#libs/client';
import { staffApi, staffQueries } from '../api/client';

export type Member = Schema<'Staff'>;
export type Role = Member['role'];
export const ROLES: readonly Role[] = ['viewer', 'support', 'risk', 'admin'];

const KEY = ['accounts'];
const PAGE = 50;

export const accountsQuery = infiniteQueryOptions({
  queryKey: [...KEY, 'list'],
  queryFn: ({ pageParam }) => {
    const cursor = pageParam === undefined ? {} : { starting_after: pageParam };
    return answered(staffApi.GET('/v1/staff/accounts', { params: { query: { ...cursor, limit: PAGE } } }));
  },
  initialPageParam: undefined as string | undefined,
  getNextPageParam: ({ data, has_more: hasMore }) => (hasMore ? data.at(-1)?.id : undefined),
  refetchOnWindowFocus: false,
});

const of = (id: string) => ({ params: { path: { id } } });

export const addAccount = (body: Schema<'CreateStaff'>) => answered(staffApi.POST('/v1/staff/accounts', { body }));

export const changeRole = (id: string, body: Schema<'ChangeStaff'>) =>
  answered(staffApi.PATCH('/v1/staff/accounts/{id}', { ...of(id), body }));

export const disable = (id: string, reason: string) =>
  answered(staffApi.POST('/v1/staff/accounts/{id}/disable', { ...of(id), body: { reason } }));

export const enable = (id: string, reason: string) =>
  answered(staffApi.POST('/v1/staff/accounts/{id}/enable', { ...of(id), body: { reason } }));

export const resetFactor = (id: string, reason: string) =>
  answered(staffApi.POST('/v1/staff/accounts/{id}/reset-second-factor', { ...of(id), body: { reason } }));

export const accountsChanged = () => staffQueries.invalidateQueries({ queryKey: KEY });
