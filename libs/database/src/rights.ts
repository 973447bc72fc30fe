import type { QueryRunner } from 'typeorm';

/** The roles of the application's transactions. Policies and grants refer to them. */
export const ROLES = ['starwall_app', 'starwall_platform'] as const;
/** The role that a transaction takes. Plans depend on it, because row-level security does. */
export type Role = (typeof ROLES)[number];

const LIST = ROLES.map((role) => `'${role}'`).join(', ');

/**
 * The rights of these roles in this database and the policies that restrict them, one statement each. A policy is
 * identified by table and name, because other versions of PostgreSQL may format its expressions differently.
 */
const RIGHTS = `
with role as (select oid, rolname as name from pg_roles where rolname in (${LIST})),
relation as (
  select c.oid, c.relacl, c.relrowsecurity, c.relforcerowsecurity, c.relkind, format('%I.%I', n.nspname, c.relname) as name
  from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public' and c.relkind in ('r', 'p', 'v', 'm', 'S')
),
routine as (
  select p.oid, p.proacl, format('function %I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)) as name
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = 'public' and p.prokind = 'f'
),
said as (
  select null as key, format('grant %s on %s%s to %I', lower(a.privilege_type), case relkind when 'S' then 'sequence ' else '' end, r.name, role.name) as statement
  from relation r cross join aclexplode(r.relacl) a join role on role.oid = a.grantee
  union all
  select null, format('grant %s (%I) on %s to %I', lower(a.privilege_type), t.attname, r.name, role.name)
  from relation r join pg_attribute t on t.attrelid = r.oid cross join aclexplode(t.attacl) a join role on role.oid = a.grantee
  union all
  select null, format('grant execute on %s to %I', r.name, role.name) from routine r cross join aclexplode(r.proacl) a join role on role.oid = a.grantee
  union all
  select null, format('revoke execute on %s from public', r.name) from routine r
  where r.proacl is not null and not exists (select from aclexplode(r.proacl) a where a.grantee = 0)
  union all
  select null, format('grant %s on schema %I to %I', lower(a.privilege_type), n.nspname, role.name)
  from pg_namespace n cross join aclexplode(n.nspacl) a join role on role.oid = a.grantee where n.nspname = 'public'
  union all
  select null, format('alter table %s enable row level security', name) from relation where relrowsecurity
  union all
  select null, format('alter table %s force row level security', name) from relation where relforcerowsecurity
  union all
  select format('policy %I on %I', policyname, tablename),
    format('create policy %I on %I.%I as %s for %s to %s%s%s', policyname, schemaname, tablename, permissive, cmd,
      (select string_agg(quote_ident(name), ', ' order by name) from unnest(roles) name), ' using (' || qual || ')', ' with check (' || with_check || ')')
  from pg_policies where schemaname = 'public'
)
select coalesce(key, statement) as key, statement from said`;

interface Right {
  readonly key: string;
  readonly statement: string;
}

/**
 * Creates roles that a new cluster lacks: a dump of one database contains none.
 * @returns descriptions of the created roles
 */
export async function ensureRoles(q: QueryRunner): Promise<string[]> {
  const found: { name: string }[] = await q.query(`select rolname as name from pg_roles where rolname in (${LIST})`);
  const missing = ROLES.filter((role) => !found.some(({ name }) => name === role));
  for (const role of missing)
    await q.query(
      `do $$ begin create role ${role} nologin; exception when duplicate_object or unique_violation then null; end $$`,
    );
  return missing.map((role) => `role ${role}`);
}

/**
 * Restores recorded rights that are missing, as after a restore into a cluster without the roles. Existing rights stay.
 * @returns descriptions of the restored rights
 */
export async function mendRights(q: QueryRunner): Promise<string[]> {
  const [{ known }]: [{ known: boolean }] = await q.query(
    `select to_regclass('starwall_internal.rights') is not null as known`,
  );
  if (!known) return [];
  const missing: Right[] = await q.query(
    `select r.key, r.statement from starwall_internal.rights r where r.key not in (select key from (${RIGHTS}) now) order by r.key`,
  );
  const gone = 'undefined_table or undefined_column or undefined_function';
  const blocks = missing.map(
    ({ statement }) => `do $mend$ begin ${statement}; exception when ${gone} then null; end $mend$;`,
  );
  if (blocks.length > 0) await q.query(blocks.join('\n'));
  return missing.map(({ key }) => key);
}

/** Records the current rights in the database, so that a dump contains them. */
export async function recordRights(q: QueryRunner): Promise<void> {
  await q.query(`
    create schema if not exists starwall_internal;
    create table if not exists starwall_internal.rights (key text primary key, statement text not null);
    begin;
    delete from starwall_internal.rights;
    insert into starwall_internal.rights ${RIGHTS} on conflict (key) do nothing;
    commit;`);
}
