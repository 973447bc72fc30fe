import type { DataSource } from 'typeorm';
import { openDataSource } from './data-source.js';

interface RoleFacts {
  readonly name: string;
  readonly strong: boolean;
  readonly owned: number;
}

/**
 * Row-level security does not apply to a superuser, a role with BYPASSRLS or the owner of a table.
 * @throws Error, with the remedy, when the application's database user is one of those
 */
export async function assertWeakRole(source: DataSource): Promise<void> {
  const rows: RoleFacts[] = await source.query(`
    select r.rolname as name, r.rolsuper or r.rolbypassrls as strong,
           (select count(*)::int from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relowner = r.oid and c.relkind in ('r', 'p') and n.nspname = current_schema()) as owned
    from pg_roles r where r.rolname = current_user`);
  const role = rows[0];
  if (role !== undefined && !role.strong && role.owned === 0) return;
  throw new Error(
    `Refusing to start: the database user "${role?.name ?? 'unknown'}" ` +
      `${role?.strong ? 'can bypass row-level security' : 'owns tables'}, so tenants would not be ` +
      'isolated. Set DATABASE_URL to an ordinary user and run `npm run migrate` with DATABASE_OWNER_URL ' +
      'set to the owner; that creates the ordinary user.',
  );
}

/** `openDataSource` for a process. @throws Error when the login has too many rights */
export async function openWeakly(...pool: Parameters<typeof openDataSource>): Promise<DataSource> {
  const source = await openDataSource(...pool);
  await assertWeakRole(source).catch(async (error: unknown) => {
    await source.destroy();
    throw error;
  });
  return source;
}
