import { infiniteQueryOptions } from '@tanstack/react-query';
import { answered } from '#libs/client';
import { staffApi } from '../api/client';

const PAGE = 50;

export interface AuditFilters {
  readonly tenant_id?: string;
  readonly actor_id?: string;
  readonly action?: string;
}

/** Reading the log is logged as well, so it is not fetched again just because the tab gains focus. */
export const auditQuery = (filters: AuditFilters) =>
  infiniteQueryOptions({
    queryKey: ['audit', filters],
    queryFn: ({ pageParam }) => {
      const cursor = pageParam === undefined ? {} : { starting_after: pageParam };
      return answered(
        staffApi.GET('/v1/staff/audit-entries', { params: { query: { ...filters, ...cursor, limit: PAGE } } }),
      );
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ data, has_more: hasMore }) => (hasMore ? data.at(-1)?.id : undefined),
    staleTime: 30_000,
    refetchOnWindowFocus: false,
  });

export const exportAudit = async (filters: AuditFilters) =>
  (await answered(
    staffApi.GET('/v1/staff/audit-entries.ndjson', { params: { query: filters }, parseAs: 'blob' }),
  )) as unknown as Blob;
