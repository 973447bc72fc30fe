import { LEASE } from './lease.js';

/** The lane of jobs without one. */
export const NO_LANE = '00000000-0000-0000-0000-000000000000';

// The recursion steps from lane to lane over the index instead of reading every waiting row. The order of tenants is
// random because under any fixed order the first few tenants with a backlog would take every free place.
export const CLAIM = `
with recursive held as (
  select tenant_id, lane, count(*)::int as jobs from jobs
  where queue = $1 and lease is not null and lease_until >= now() group by tenant_id, lane
), lane as (
  (select tenant_id, lane from jobs where queue = $1 and state = 'waiting' order by tenant_id, lane limit 1)
  union all
  select next.tenant_id, next.lane from lane l cross join lateral (
    select j.tenant_id, j.lane from jobs j
    where j.queue = $1 and j.state = 'waiting' and (j.tenant_id, j.lane) > (l.tenant_id, l.lane)
    order by j.tenant_id, j.lane limit 1
  ) next
), turn as (
  select l.tenant_id, greatest(0, $3::int - coalesce(min(b.jobs), 0)) as free, array_agg(l.lane) as lanes,
    array_agg(case when l.lane = '${NO_LANE}' then $3::int else greatest(0, $6::int - coalesce(h.jobs, 0)) end) as rooms
  from lane l
  left join held h on h.tenant_id = l.tenant_id and h.lane = l.lane
  left join unnest($4::uuid[], $5::int[]) as b (tenant_id, jobs) on b.tenant_id = l.tenant_id
  group by l.tenant_id order by random()
), due as (
  select j.tenant_id, j.kind, j.subject from turn cross join lateral (
    select j.* from unnest(turn.lanes, turn.rooms) as l (lane, room) cross join lateral (
      select * from jobs j where j.queue = $1 and j.tenant_id = turn.tenant_id and j.lane = l.lane and j.state = 'waiting'
        and j.due_at <= now() and (j.lease_until is null or j.lease_until < now())
      order by j.due_at limit least(l.room, turn.free) for update skip locked
    ) j order by j.due_at limit turn.free
  ) j limit $2
)
update jobs set attempts = jobs.attempts + 1, lease = gen_random_uuid(), lease_until = now() + ${LEASE}
from due where jobs.tenant_id = due.tenant_id and jobs.kind = due.kind and jobs.subject = due.subject
returning jobs.tenant_id as "tenantId", jobs.kind, jobs.subject, jobs.queue, jobs.attempts, jobs.lease`;
