import { queryOptions } from '@tanstack/react-query';
import { answered, type Schema } from '#libs/client';
import { staffApi, staffQueries } from '../api/client';

export type Trouble = Schema<'Trouble'>;
export type TroubleKind = Trouble['kind'];

const KEY = ['operations'];
const MOST = 50;
/** Milliseconds between two polls, so that a problem solved elsewhere disappears from the page. */
const LOOK_AGAIN = 30_000;

const of = (tenant: string | undefined) => (tenant === undefined ? {} : { tenant_id: tenant });

export const overviewQuery = (tenant?: string) =>
  queryOptions({
    queryKey: [...KEY, 'overview', tenant ?? 'all'],
    queryFn: () => answered(staffApi.GET('/v1/staff/operations', { params: { query: of(tenant) } })),
    refetchInterval: LOOK_AGAIN,
  });

export const troublesQuery = (kind: TroubleKind, tenant?: string) =>
  queryOptions({
    queryKey: [...KEY, 'troubles', kind, tenant ?? 'all'],
    queryFn: () =>
      answered(
        staffApi.GET('/v1/staff/operations/troubles', { params: { query: { kind, limit: MOST, ...of(tenant) } } }),
      ),
    refetchInterval: LOOK_AGAIN,
  });

export const operationsChanged = () => staffQueries.invalidateQueries({ queryKey: KEY });
