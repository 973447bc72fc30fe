import { MONEY_KINDS } from './inbox.js';
import { LEASE } from './lease.js';

/** Limits of one scan of the inbox, whatever its size: bots visited, and lanes read per bot. */
export const BOTS_PER_LOOK = 32;
export const LANES_PER_VISIT = 256;

const MONEY = `kind in (${MONEY_KINDS.map((kind) => `'${kind}'`).join(', ')})`;

const ready = (row: string) => `${row}.due_at <= now() and (${row}.lease_until is null or ${row}.lease_until < now())`;

/** The first update of a bot's next lane; one index probe. */
const nextLane = (bot: string, after: string) => `
  select i.lane, i.update_id, ${ready('i')} as ready from inbox i
  where i.state = 'waiting' and i.tenant_id = ${bot}.tenant_id and i.bot_id = ${bot}.bot_id and i.lane > ${after}
  order by i.lane, i.seq limit 1`;

/** The first update, of any kind, of a bot's next lane that contains money; two index probes. */
const nextMoneyLane = (bot: string, after: string) => `
  select h.lane, h.update_id, ${ready('h')} as ready
  from (select i.lane from inbox i
        where i.state = 'waiting' and i.${MONEY} and i.tenant_id = ${bot}.tenant_id and i.bot_id = ${bot}.bot_id and i.lane > ${after}
        order by i.lane, i.seq limit 1) m
  cross join lateral (
    select * from inbox w where w.state = 'waiting' and w.tenant_id = ${bot}.tenant_id and w.bot_id = ${bot}.bot_id and w.lane = m.lane
    order by w.seq limit 1) h`;

const look = (waits: string, next: (bot: string, after: string) => string) => {
  const nextBot = (tenant: string, bot: string) => `(
    select i.tenant_id, i.bot_id from inbox i where ${waits} and (i.tenant_id, i.bot_id) > (${tenant}, ${bot})
    order by i.tenant_id, i.bot_id limit 1)`;
  const visit = (bot: string) => `lateral (
    select f.free, coalesce(json_agg(s.update_id) filter (where s.ready), '[]')::text as heads,
      count(s.lane)::int as lanes, max(s.lane)::text as last_lane, count(*) filter (where s.ready)::int as found
    from (select $4::int - coalesce((select t.n from unnest($5::uuid[], $6::int[]) as t (bot_id, n) where t.bot_id = ${bot}.bot_id), 0) as free,
            coalesce((select p.lane from unnest($7::uuid[], $8::bigint[]) as p (bot_id, lane) where p.bot_id = ${bot}.bot_id),
              -9223372036854775808) as after) f
    left join lateral (
      with recursive lane as (
        select n.*, 1 as seen, n.ready::int as found from (${next(bot, 'f.after')}) n where f.free > 0
        union all
        select n.*, l.seen + 1, l.found + n.ready::int from lane l cross join lateral (${next(bot, 'l.lane')}) n
        where l.seen < ${LANES_PER_VISIT} and l.found < f.free
      ) select * from lane) s on true
    group by f.free)`;
  return `
with recursive bot as (
  select b.*, v.*, 1 as visits, v.found as total from ${nextBot('$1::uuid', '$2::uuid')} b cross join ${visit('b')} v
  union all
  select n.*, v.*, b.visits + 1, b.total + v.found
  from bot b cross join lateral ${nextBot('b.tenant_id', 'b.bot_id')} n cross join ${visit('n')} v
  where b.visits < ${BOTS_PER_LOOK} and b.total < $3::int
)
select tenant_id as "tenantId", bot_id as "botId", free, heads::json, lanes, last_lane as "lastLane" from bot`;
};

/**
 * Steps from bot to bot, and within a bot from lane to lane, each by one or two probes of a partial index: a scan never
 * reads the updates behind the first one of a lane, and it stops when it has found enough or reached its limits.
 * Parameters: 1, 2 the tenant and bot to start after; 3 how many to find; 4 how many per bot; 5, 6 bots and their
 * updates in progress; 7, 8 bots and the lane to start after.
 */
export const LOOK = {
  any: look(`i.state = 'waiting'`, nextLane),
  money: look(`i.state = 'waiting' and i.${MONEY}`, nextMoneyLane),
} as const;

/**
 * @param locked updates that are checked again, now under locks: another worker may have been faster. Each is found by
 * the complete key of an index: a plan made in a quiet time must not read a bot's whole backlog in a flood.
 */
const take = (locked: string) => `
update inbox set attempts = inbox.attempts + 1, lease = gen_random_uuid(), lease_until = now() + ${LEASE}
from (${locked}) t
where inbox.tenant_id = t.tenant_id and inbox.bot_id = t.bot_id and inbox.update_id = t.update_id
returning inbox.tenant_id as "tenantId", inbox.bot_id as "botId", inbox.update_id as "updateId", inbox.kind, inbox.body,
  inbox.attempts, inbox.lease`;

export const TAKE = take(`
  select i.* from unnest($1::uuid[], $2::uuid[], $3::bigint[]) as u (tenant_id, bot_id, update_id) cross join lateral (
    select w.* from inbox w
    where w.tenant_id = u.tenant_id and w.bot_id = u.bot_id and w.update_id = u.update_id for update skip locked) i
  where i.state = 'waiting' and ${ready('i')}`);

/** While at most this many updates wait, a claim reads them all in one statement. */
export const FEW = 256;

/**
 * Claims updates while few are waiting. The first updates of lanes with money come first; then bots take turns. Returns
 * one row without an update when there is none, or when too many wait (`crowded`) and nothing was claimed. Parameters:
 * 1 how many with money, 2 how many in all; 3 how many per bot, and twice as many with money; 4, 5 bots and their
 * updates in progress.
 */
export const CLAIM_OF_FEW = `
with waiting as materialized (
  select i.tenant_id, i.bot_id, i.update_id, i.lane, i.seq, ${MONEY} as money, ${ready('i')} as ready from inbox i
  where i.state = 'waiting' order by i.tenant_id, i.bot_id, i.lane, i.seq limit ${FEW + 1}
), crowd as materialized (select count(*) > ${FEW} as crowded from waiting), head as (
  select distinct on (w.tenant_id, w.bot_id, w.lane) w.tenant_id, w.bot_id, w.lane, w.update_id, w.seq, w.ready,
    bool_or(w.money) over (partition by w.tenant_id, w.bot_id, w.lane) as money
  from waiting w cross join crowd where not crowd.crowded order by w.tenant_id, w.bot_id, w.lane, w.seq
), turn as (
  select h.*, row_number() over (partition by h.tenant_id, h.bot_id order by h.money desc, h.seq)
    + coalesce((select t.n from unnest($4::uuid[], $5::int[]) as t (bot_id, n) where t.bot_id = h.bot_id), 0) as turn
  from head h where h.ready
), place as (
  select t.*, row_number() over (order by t.money desc, t.turn, t.seq) as place from turn t
  where t.turn <= case when t.money then 2 * $3::int else $3::int end
), chosen as materialized (
  select p.tenant_id, p.bot_id, p.lane, p.seq from place p where p.place <= case when p.money then $1::int else $2::int end
), taken as (${take(`
  select i.* from chosen c cross join lateral (
    select w.tenant_id, w.bot_id, w.update_id from inbox w
    where w.state = 'waiting' and w.tenant_id = c.tenant_id and w.bot_id = c.bot_id and w.lane = c.lane and w.seq = c.seq
      and ${ready('w')} for update skip locked) i`)})
select crowd.crowded, taken.* from crowd left join taken on true`;
