import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The current tenant, and the helper for tenant-owned tables. */
export class Foundation1790000000000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(FOUNDATION);
  }

  async down(): Promise<void> {
    throw new Error('The baseline is not taken back: drop the database instead.');
  }
}

const FOUNDATION = `
-- \`migrate\` has created the two roles: they belong to the cluster, and a dump contains none.
grant usage on schema public to starwall_app, starwall_platform;

create function current_tenant() returns uuid language sql stable
  as $$ select nullif(current_setting('app.tenant_id', true), '')::uuid $$;

-- The only way to create a tenant-owned table: forced row-level security, which shows nothing when no tenant is set. Rights are granted
-- explicitly, so that append-only rows cannot be changed or deleted.
create function make_tenant_owned(t regclass, app_rights text, platform_rights text) returns void language plpgsql as $$
begin
  execute format('alter table %s enable row level security', t);
  execute format('alter table %s force row level security', t);
  execute format('create policy tenant_only on %s to starwall_app
                  using (tenant_id = current_tenant()) with check (tenant_id = current_tenant())', t);
  execute format('create policy platform_all on %s to starwall_platform using (true) with check (true)', t);
  execute format('grant %s on %s to starwall_app', app_rights, t);
  execute format('grant %s on %s to starwall_platform', platform_rights, t);
end $$;
revoke execute on function make_tenant_owned(regclass, text, text) from public;
`;
