import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Makes events, their deliveries and attempts partitioned tables (decision 0125). The existing tables become the first
 * partitions as they are: no row is moved, and checks of {@link PartitionBounds1790000080000} replace reading them.
 */
export class Partitions1790000080200 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(FUNCTIONS);
    await q.query(TABLES);
  }

  async down(): Promise<void> {
    throw new Error('Partitions are not taken back: restore a backup instead.');
  }
}

const FUNCTIONS = `
create schema starwall_partitions;

-- Partitions and the time at which the ids in them end; null for the partition of all other ids.
create function partitions() returns table (parent text, name text, ends timestamptz) language sql stable set search_path = pg_catalog, pg_temp as $$
  select p.relname::text, c.relname::text,
    to_timestamp(('x' || replace(left(substring(pg_get_expr(c.relpartbound, c.oid) from 'TO \\(''(.{36})''\\)'), 13), '-', ''))::bit(48)::bigint / 1000.0)
  from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_class p on p.oid = i.inhparent
  where c.relnamespace = 'starwall_partitions'::regnamespace and c.relkind = 'r'
  order by 1, 3
$$;

-- An event, its deliveries and their attempts have ids of one time, so what is unique in a partition is unique everywhere. For the numbers
-- of an order's events it holds within a partition.
create function make_unique(name text, parent text) returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if parent = 'events' then
    execute format('create unique index %I on starwall_partitions.%I (tenant_id, order_id, sequence)', name || '_number', name);
  elsif parent = 'webhook_deliveries' then
    execute format('create unique index %I on starwall_partitions.%I (tenant_id, endpoint_id, event_id)', name || '_once', name);
  end if;
end $$;
revoke execute on function make_unique(text, text) from public;

-- A table's partition for ids of this time. It has no policies and gives no rights: only its owner may read it directly.
create function attach_partition(parent text, starts timestamptz, ends timestamptz) returns text language plpgsql
  set search_path = pg_catalog, pg_temp as $$
declare
  made text := parent || '_' || to_char(starts at time zone 'utc', 'YYYY_MM');
  first_id uuid := public.first_uuid_of(starts);
  end_id uuid := public.first_uuid_of(ends);
begin
  execute format('create table starwall_partitions.%I (like public.%I including defaults including constraints)', made, parent);
  perform public.make_unique(made, parent);
  -- While there was no partition for them, rows were put with the others.
  execute format('lock table starwall_partitions.%I in access exclusive mode', parent || '_other');
  execute format('with moved as (delete from starwall_partitions.%I where id >= %L and id < %L returning *)
    insert into starwall_partitions.%I select * from moved', parent || '_other', first_id, end_id, made);
  execute format('alter table public.%I attach partition starwall_partitions.%I for values from (%L) to (%L)', parent, made, first_id, end_id);
  return made;
end $$;
revoke execute on function attach_partition(text, timestamptz, timestamptz) from public;

-- Makes the next month's partition of one table whose partitions end before the given time. Null when nothing is missing.
create function make_partition(until timestamptz) returns text language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  missing record;
begin
  perform pg_advisory_xact_lock(7827002);
  select p.parent, max(p.ends) as starts into missing from public.partitions() p
    group by p.parent having max(p.ends) <= until order by 2, 1 limit 1;
  if not found then return null; end if;
  return public.attach_partition(missing.parent, missing.starts,
    (missing.starts at time zone 'utc' + interval '1 month') at time zone 'utc');
end $$;
revoke execute on function make_partition(timestamptz) from public;
grant execute on function make_partition(timestamptz) to starwall_platform;

-- Drops one partition whose time is over: attempts before their deliveries, and those before their events. One with events that were not
-- relayed stays. Null when there is none.
create function drop_partition(before timestamptz) returns text language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  old record;
  waits boolean := false;
begin
  perform pg_advisory_xact_lock(7827002);
  select p.parent, p.name into old from public.partitions() p where p.ends <= before
    order by p.ends, array_position(array['webhook_attempts', 'webhook_deliveries', 'events'], p.parent) limit 1;
  if not found then return null; end if;
  if old.parent = 'events' then
    execute format('select exists (select from starwall_partitions.%I where relayed_at is null)', old.name) into waits;
  end if;
  if waits then return null; end if;
  execute format('drop table starwall_partitions.%I', old.name);
  return old.name;
end $$;
revoke execute on function drop_partition(timestamptz) from public;
grant execute on function drop_partition(timestamptz) to starwall_platform;
`;

const TABLES = `
alter table webhook_attempts drop constraint webhook_attempts_tenant_id_delivery_id_fkey;
alter table webhook_deliveries drop constraint webhook_deliveries_tenant_id_event_id_fkey;
-- It found old events, which are dropped with their partition now.
drop index events_age;

do $$
declare
  each text;
begin
  foreach each in array array['events', 'webhook_deliveries', 'webhook_attempts'] loop
    execute format('alter table %I rename to %I', each, each || '_first');
    execute format('alter table %I set schema starwall_partitions', each || '_first');
    execute format('create table %I (like starwall_partitions.%I including defaults including constraints, primary key (tenant_id, id),
      foreign key (tenant_id) references tenants) partition by range (id)', each, each || '_first');
    execute format('alter table %I drop constraint %I', each, each || '_first');
  end loop;
end $$;

alter table events add foreign key (tenant_id, order_id) references orders (tenant_id, id);
create index events_type on events (tenant_id, type, id desc);
create index events_waiting on events (id) where relayed_at is null;
alter table webhook_deliveries add foreign key (tenant_id, endpoint_id) references endpoints (tenant_id, id) on delete cascade;
create index webhook_deliveries_endpoint on webhook_deliveries (tenant_id, endpoint_id, id desc);
create index webhook_deliveries_event on webhook_deliveries (tenant_id, event_id);
create index webhook_deliveries_failed on webhook_deliveries (tenant_id, endpoint_id, id) where state = 'failed';
create index webhook_attempts_delivery on webhook_attempts (tenant_id, delivery_id, number);

do $$
declare
  each text;
  old regclass;
  bound text;
begin
  foreach each in array array['events', 'webhook_deliveries', 'webhook_attempts'] loop
    old := 'starwall_partitions.' || each || '_first';
    select substring(pg_get_constraintdef(oid) from '''([0-9a-f-]{36})''') into strict bound
      from pg_constraint where conrelid = old and conname = each || '_first';
    execute format('alter table %I attach partition %s for values from (minvalue) to (%L)', each, old, bound);
    execute format('alter table %s drop constraint %I', old, each || '_first');
    execute format('drop policy tenant_only on %s', old);
    execute format('drop policy platform_all on %s', old);
    execute format('alter table %s disable row level security, no force row level security', old);
    execute format('revoke all on %s from starwall_app, starwall_platform', old);
    execute format('create table starwall_partitions.%I partition of %I default', each || '_other', each);
    perform make_unique(each || '_other', each);
  end loop;
end $$;

select make_tenant_owned('events', 'select, insert, update', 'select, insert, update, delete');
select make_tenant_owned('webhook_deliveries', 'select, insert, update', 'select, insert, delete');
-- An endpoint's attempts are deleted with it; no foreign key does that any more.
select make_tenant_owned('webhook_attempts', 'select, insert, update, delete', 'select, delete');

-- Deletes old events with their deliveries that are in no month's partition, because their ids contain another time.
create function forget_others(before timestamptz) returns integer language sql security definer set search_path = pg_catalog, pg_temp as $$
  with gone as (delete from starwall_partitions.events_other where created_at < before and relayed_at is not null returning tenant_id, id),
  told as (delete from starwall_partitions.webhook_deliveries_other d using gone
    where d.tenant_id = gone.tenant_id and d.event_id = gone.id returning d.tenant_id, d.id),
  tried as (delete from starwall_partitions.webhook_attempts_other a using told where a.tenant_id = told.tenant_id and a.delivery_id = told.id)
  select count(*)::int from gone
$$;
revoke execute on function forget_others(timestamptz) from public;
grant execute on function forget_others(timestamptz) to starwall_platform;
`;
