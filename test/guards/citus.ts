import type { DataSource } from 'typeorm';

/**
 * The tables as Citus would hold them: distributed by the id of their tenant, which `tenants` calls `id`. All others are reference tables,
 * of which every node has a copy.
 */
const TABLE = `select c.oid, c.relname as name, a.attnum as tenant from pg_class c
  left join pg_attribute a on a.attrelid = c.oid and not a.attisdropped
    and a.attname = case when c.relname = 'tenants' then 'id' else 'tenant_id' end
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')`;

/** Rules of Citus 13 (https://docs.citusdata.com, "Distributed Data Modeling" and "SQL Support and Workarounds"). */
const RULES: readonly string[] = [
  `select t.name || ': ' || i.indexrelid::regclass || ' is unique without the distribution column' as wrong
   from (${TABLE}) t join pg_index i on i.indrelid = t.oid
   where t.tenant is not null and (i.indisunique or i.indisexclusion) and t.tenant <> all (i.indkey::int2[])`,
  `select t.name || ': ' || f.conname || ' joins rows of two shards' as wrong
   from (${TABLE}) t join pg_constraint f on f.conrelid = t.oid and f.contype = 'f' join (${TABLE}) r on r.oid = f.confrelid
   where t.tenant is not null and r.tenant is not null and not exists (
     select from unnest(f.conkey, f.confkey) as k (near, far) where k.near = t.tenant and k.far = r.tenant)`,
  `select t.name || ': ' || f.conname || ' leads from a reference table to ' || r.name as wrong
   from (${TABLE}) t join pg_constraint f on f.conrelid = t.oid and f.contype = 'f' join (${TABLE}) r on r.oid = f.confrelid
   where t.tenant is null and r.tenant is not null`,
  `select t.name || ': ' || f.conname || ' would empty the distribution column' as wrong
   from (${TABLE}) t join pg_constraint f on f.conrelid = t.oid and f.contype = 'f'
   where t.tenant = any (f.conkey) and (f.confdeltype in ('n', 'd') or f.confupdtype in ('n', 'd'))
     and (f.confdelsetcols is null or t.tenant = any (f.confdelsetcols))`,
  `select t.name || ': has the trigger ' || g.tgname as wrong
   from (${TABLE}) t join pg_trigger g on g.tgrelid = t.oid and not g.tgisinternal where t.tenant is not null`,
  `select t.name || ': ' || a.attname || ' counts in ' || format_type(a.atttypid, null) || ', not in bigint' as wrong
   from (${TABLE}) t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0
   where t.tenant is not null and a.attidentity <> '' and a.atttypid <> 'bigint'::regtype`,
  // It can be distributed as well if the tenant is its first argument.
  `select distinct p.proname || '(): uses ' || t.name || ' and does not begin with the tenant' as wrong
   from pg_proc p join (${TABLE}) t on t.tenant is not null and p.prosrc ~ ('\\m(from|join|update|into) ' || t.name || '\\M')
   where p.pronamespace = 'public'::regnamespace
     and not (p.proargnames[1] = 'tenant' and p.proargtypes[0] = 'uuid'::regtype)`,
];

/** @returns one sentence for everything in the schema that Citus would refuse or must be told about */
export async function notReadyForCitus(owner: Pick<DataSource, 'query'>): Promise<string[]> {
  const found: string[] = [];
  for (const rule of RULES) {
    const rows: Array<{ wrong: string }> = await owner.query(`${rule} order by 1`);
    found.push(...rows.map(({ wrong }) => wrong));
  }
  return found;
}
