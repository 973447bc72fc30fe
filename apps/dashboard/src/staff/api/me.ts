import { queryOptions, useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { answered, type Schema } from '#libs/client';
import { staffApi } from './client';

const HARDLY_EVER = 5 * 60_000;

export type Permission = Schema<'Staff'>['permissions'][number];

/** The signed-in member of staff. */
export const staffMeQuery = queryOptions({
  queryKey: ['me'],
  queryFn: () => answered(staffApi.GET('/v1/staff/me')),
  staleTime: HARDLY_EVER,
});

/** The environment of the installation: real or simulated. */
export const staffInstallationQuery = queryOptions({
  queryKey: ['installation'],
  queryFn: () => answered(staffApi.GET('/v1/installation')),
  staleTime: Number.POSITIVE_INFINITY,
});

/** Returns a function that tells if this role has a permission. Buttons that the API would refuse are hidden. */
export function useStaffCan(): (permission: Permission) => boolean {
  const { data: me } = useSuspenseQuery(staffMeQuery);
  return (permission) => me.permissions.includes(permission);
}

/** The staff, if this role may list them. The last hundred are enough to show names instead of ids. */
const colleaguesQuery = queryOptions({
  queryKey: ['accounts', 'names'],
  queryFn: async () => {
    const { data } = await answered(staffApi.GET('/v1/staff/accounts', { params: { query: { limit: 100 } } }));
    return new Map(data.map(({ id, email }) => [id, email]));
  },
  staleTime: HARDLY_EVER,
});

/** Returns a function that finds the name of a member of staff: undefined for those that this role may not see. */
export function useColleague(): (id: string) => string | undefined {
  const { data: me } = useSuspenseQuery(staffMeQuery);
  const { data: names } = useQuery({ ...colleaguesQuery, enabled: me.permissions.includes('staff:read') });
  return (id) => (id === me.id ? me.email : names?.get(id));
}
