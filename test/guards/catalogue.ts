import type { DataSource, QueryRunner } from 'typeorm';
import { ALL_ROOMS } from '#libs/rooms';

const ofPlatform = ALL_ROOMS.flatMap((room) => Object.keys(room.ofPlatform));

/** The tables that belong to no tenant. Every other table has a `tenant_id` and is checked below. */
const PLATFORM_TABLES: readonly string[] = [...ofPlatform, 'migrations'];

/** Tables whose rows are immutable: no role can change or delete them. Every table named `..._entries` is one. */
const APPEND_ONLY_TABLES: readonly string[] = ALL_ROOMS.flatMap((room) =>
  Object.entries({ ...room.ofTenants, ...room.ofPlatform }).flatMap(([table, card]) =>
    card.appendOnly ? [table] : [],
  ),
);

const APPLICATION_ROLES = ['starwall_app', 'starwall_platform'];

type Queryable = DataSource | QueryRunner;

const TABLE = `select c.oid, c.relname as name, a.attnum as tenant
  from pg_class c left join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')`;

/** Returns the names of all tables with a `tenant_id`, in alphabetical order. */
export async function tenantTables(db: Queryable): Promise<string[]> {
  const rows: Array<{ name: string }> = await db.query(
    `select name from (${TABLE}) t where tenant is not null order by name`,
  );
  return rows.map((row) => row.name);
}

const POLICIES = [
  `('tenant_only', 'starwall_app', '(tenant_id = current_tenant())')`,
  `('platform_all', 'starwall_platform', 'true')`,
].join(', ');

/**
 * Each query returns one sentence per problem. Parameters: $1 the platform tables, $2 the append-only tables, $3 the application's roles,
 * $4 its login.
 */
const RULES: readonly string[] = [
  `select name || ': has no tenant_id and is no platform table' as wrong from (${TABLE}) t
   where tenant is null and name <> all ($1::text[])`,
  `select name || ': is named as a platform table and has a tenant_id' as wrong from (${TABLE}) t
   where tenant is not null and name = any ($1::text[])`,
  `select p || ': is named as a platform table and does not exist' as wrong from unnest($1::text[]) p
   where p not in (select name from (${TABLE}) t)`,

  `select t.name || ': tenant_id may be null or is no uuid' as wrong from (${TABLE}) t
   join pg_attribute a on a.attrelid = t.oid and a.attnum = t.tenant where not a.attnotnull or a.atttypid <> 'uuid'::regtype`,
  `select t.name || ': row-level security is not both enabled and forced' as wrong from (${TABLE}) t
   join pg_class c on c.oid = t.oid where t.tenant is not null and not (c.relrowsecurity and c.relforcerowsecurity)`,
  `select t.name || ': lacks the policy ' || want.policy || ' as the helper makes it' as wrong
   from (${TABLE}) t cross join (values ${POLICIES}) as want (policy, role, condition)
   where t.tenant is not null and not exists (
     select from pg_policies p where p.schemaname = 'public' and p.tablename = t.name and p.policyname = want.policy
       and p.roles = array[want.role]::name[] and p.cmd = 'ALL' and p.permissive = 'PERMISSIVE'
       and p.qual = want.condition and p.with_check = want.condition)`,
  `select tablename || ': has a policy beside the two of the helper: ' || policyname as wrong from pg_policies
   where schemaname = 'public' and policyname not in ('tenant_only', 'platform_all')`,

  `select t.name || ': ' || i.indexrelid::regclass || ' is unique and does not start with tenant_id' as wrong from (${TABLE}) t
   join pg_index i on i.indrelid = t.oid where t.tenant is not null and i.indisunique and i.indkey[0] <> t.tenant`,
  `select t.name || ': has no primary key' as wrong from (${TABLE}) t
   where not exists (select from pg_index i where i.indrelid = t.oid and i.indisprimary)`,
  `select t.name || ': ' || f.conname || ' does not bind tenant_id to tenant_id' as wrong from (${TABLE}) t
   join pg_constraint f on f.conrelid = t.oid and f.contype = 'f' join (${TABLE}) r on r.oid = f.confrelid
   where t.tenant is not null and r.tenant is not null and not exists (
     select from unnest(f.conkey, f.confkey) as k (near, far) where k.near = t.tenant and k.far = r.tenant)`,
  `select t.name || ': tenant_id does not refer to tenants' as wrong from (${TABLE}) t
   where t.tenant is not null and not exists (select from pg_constraint f
     where f.conrelid = t.oid and f.contype = 'f' and f.confrelid = 'tenants'::regclass and f.conkey = array[t.tenant])`,
  `select t.name || ': ' || f.conname || ' refers to a tenant''s row without its tenant_id' as wrong from (${TABLE}) t
   join pg_constraint f on f.conrelid = t.oid and f.contype = 'f' join (${TABLE}) r on r.oid = f.confrelid
   where t.tenant is null and r.tenant is not null and r.tenant <> all (f.confkey)`,

  `select c.relname || ': a view that does not ask for the rights of who reads it' as wrong from pg_class c
   where c.relnamespace = 'public'::regnamespace and c.relkind = 'v'
     and not coalesce(c.reloptions @> array['security_invoker=true'] or c.reloptions @> array['security_invoker=on'], false)`,
  `select c.relname || ': a materialised view knows no row-level security' as wrong from pg_class c
   where c.relnamespace = 'public'::regnamespace and c.relkind = 'm'`,
  `select p.proname || ': runs with its owner''s rights and an open search_path' as wrong from pg_proc p
   where p.pronamespace = 'public'::regnamespace and p.prosecdef
     and not exists (select from unnest(p.proconfig) c where c like 'search_path=%')`,

  `select rolname || ': is a superuser, bypasses row-level security, or may make roles, databases or replicas' as wrong
   from pg_roles where (rolname = any ($3::text[]) or rolname = $4)
     and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication)`,
  `select rolname || ': may log in' as wrong from pg_roles where rolname = any ($3::text[]) and rolcanlogin`,
  `select rolname || ': inherits the rights of its roles instead of switching to one' as wrong from pg_roles
   where rolname = $4 and rolinherit`,
  `select r.rolname || ': owns ' || o.classid::regclass || ' ' || o.objid as wrong from pg_shdepend o
   join pg_roles r on r.oid = o.refobjid where o.deptype = 'o' and (r.rolname = any ($3::text[]) or r.rolname = $4)
     and o.dbid in (0, (select d.oid from pg_database d where d.datname = current_database()))`,
  `select member.rolname || ': is a member of ' || granted.rolname as wrong from pg_auth_members m
   join pg_roles member on member.oid = m.member join pg_roles granted on granted.oid = m.roleid
   where (member.rolname = any ($3::text[]) or member.rolname = $4)
     and (granted.rolname <> all ($3::text[]) or member.rolname <> $4 or m.admin_option)`,
  `select t.name || ': gives rights to ' || coalesce(r.rolname, 'everybody') as wrong from (${TABLE}) t
   join pg_class c on c.oid = t.oid cross join aclexplode(c.relacl) g left join pg_roles r on r.oid = g.grantee
   where g.grantee <> c.relowner and coalesce(r.rolname, 'everybody') <> all ($3::text[])`,
  `select t.name || ': is a platform table, and starwall_app may ' || lower(g.privilege_type) as wrong from (${TABLE}) t
   join pg_class c on c.oid = t.oid cross join aclexplode(c.relacl) g join pg_roles r on r.oid = g.grantee
   where t.tenant is null and r.rolname = 'starwall_app' and (t.name, g.privilege_type) not in (('tenants', 'SELECT'), ('plans', 'SELECT'))`,
  `select role || ': may make tables in public' as wrong from unnest($3::text[] || $4::text) role
   where has_schema_privilege(role, 'public', 'create')`,
  `select t.name || ': is append-only, and ' || g.grantee::regrole || ' may ' || lower(g.privilege_type) as wrong from (${TABLE}) t
   join pg_class c on c.oid = t.oid cross join aclexplode(c.relacl) g
   where (t.name = any ($2::text[]) or t.name like '%\\_entries') and g.grantee <> c.relowner and g.privilege_type not in ('SELECT', 'INSERT')`,
  `select c.relname || ': gives rights on the single column ' || a.attname as wrong from pg_attribute a
   join pg_class c on c.oid = a.attrelid where c.relnamespace = 'public'::regnamespace and a.attacl is not null`,
];

/**
 * Reads the database catalogue as the owner.
 * @param login the application's own database user
 * @returns one sentence for every gap in the isolation of tenants; empty if there is none
 */
export async function wrongs(db: Queryable, login: string): Promise<string[]> {
  const found: string[] = [];
  const parameters = [PLATFORM_TABLES, APPEND_ONLY_TABLES, APPLICATION_ROLES, login];
  for (const rule of RULES) {
    // PostgreSQL requires every parameter to be used, with a known type.
    const sql = `with given as (select $1::text[], $2::text[], $3::text[], $4::text) select wrong from (${rule}) w, given order by 1`;
    const rows: Array<{ wrong: string }> = await db.query(sql, parameters);
    found.push(...rows.map((row) => row.wrong));
  }
  return found;
}
