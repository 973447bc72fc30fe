import { LEASE } from './lease.js';

/** The lane of jobs without one. */
export const NO_LANE = '00000000-0000-0000-0000-000000000000';

/** Upper bounds of one poll, whatever the backlog: jobs marked as ripe, tenants, and lanes. */
export const RIPEN_AT_ONCE = 500;
export const TENANTS_PER_LOOK = 32;
export const LANES_PER_LOOK = 256;

/**
 * Marks due jobs, the longest overdue first. Jobs that are not due are not read. $1 the queue. Returns a row per job.
 */
export const RIPEN = `
update jobs set ripe = true from (
  select tenant_id, kind, subject from jobs where queue = $1 and state = 'waiting' and not ripe and due_at <= now()
  order by due_at limit ${RIPEN_AT_ONCE} for update skip locked
) due where jobs.tenant_id = due.tenant_id and jobs.kind = due.kind and jobs.subject = due.subject
returning 1`;

/**
 * Steps from lane to lane in an index of ripe jobs, one probe each, without reading the jobs behind the first one of a
 * lane. $1 the queue; $2, $3 the tenant and lane to start after.
 */
export const TURNS = `
with recursive lane as (
  (select j.tenant_id, j.lane, 1 as lanes, 1 as tenants from jobs j
   where j.queue = $1 and j.state = 'waiting' and j.ripe and (j.tenant_id, j.lane) > ($2::uuid, $3::uuid)
   order by j.tenant_id, j.lane limit 1)
  union all
  select next.tenant_id, next.lane, l.lanes + 1, l.tenants + (next.tenant_id <> l.tenant_id)::int from lane l cross join lateral (
    select j.tenant_id, j.lane from jobs j
    where j.queue = $1 and j.state = 'waiting' and j.ripe and (j.tenant_id, j.lane) > (l.tenant_id, l.lane)
    order by j.tenant_id, j.lane limit 1
  ) next where l.lanes < ${LANES_PER_LOOK} and l.tenants + (next.tenant_id <> l.tenant_id)::int <= ${TENANTS_PER_LOOK}
)
select tenant_id as "tenantId", lane from lane`;

/**
 * Takes due jobs of these lanes, tenant by tenant in their order, oldest first within each. $1 the queue; $2 how many;
 * $3 how many of one tenant; $4, $5 tenants and their jobs in progress; $6 how many of one lane; $7, $8 the lanes.
 */
export const TAKE = `
with place as (
  select p.tenant_id, p.lane, p.n, case when p.lane = '${NO_LANE}' then $3::int else greatest(0, $6::int - (
    select count(*)::int from jobs h
    where h.queue = $1 and h.tenant_id = p.tenant_id and h.lane = p.lane and h.lease is not null and h.lease_until >= now())) end as room
  from unnest($7::uuid[], $8::uuid[]) with ordinality as p (tenant_id, lane, n)
), turn as (
  select p.tenant_id, greatest(0, $3::int - coalesce(min(b.jobs), 0)) as free, array_agg(p.lane) as lanes, array_agg(p.room) as rooms
  from place p left join unnest($4::uuid[], $5::int[]) as b (tenant_id, jobs) on b.tenant_id = p.tenant_id
  group by p.tenant_id order by min(p.n)
), due as (
  select j.tenant_id, j.kind, j.subject from turn cross join lateral (
    select j.* from unnest(turn.lanes, turn.rooms) as l (lane, room) cross join lateral (
      select * from jobs j where j.queue = $1 and j.tenant_id = turn.tenant_id and j.lane = l.lane and j.state = 'waiting' and j.ripe
        and j.due_at <= now() and (j.lease_until is null or j.lease_until < now())
      order by j.due_at limit least(l.room, turn.free) for update skip locked
    ) j order by j.due_at limit turn.free
  ) j limit $2
)
update jobs set attempts = jobs.attempts + 1, lease = gen_random_uuid(), lease_until = now() + ${LEASE}
from due where jobs.tenant_id = due.tenant_id and jobs.kind = due.kind and jobs.subject = due.subject
returning jobs.tenant_id as "tenantId", jobs.kind, jobs.subject, jobs.queue, jobs.attempts, jobs.lease`;
