import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Excludes numbers that JavaScript cannot represent exactly (beyond 2^53) from every table. */
export class ReadableNumbers1790000001600 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(CHECKS);
  }

  async down(): Promise<void> {
    throw new Error('The baseline is not taken back: drop the database instead.');
  }
}

const CHECKS = `
do $$
declare found record;
begin
  for found in
    select c.relname as name, string_agg(format('(%1$I between -9007199254740991 and 9007199254740991)', a.attname), ' and ' order by a.attnum) as rule
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.atttypid = 'int8'::regtype
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname <> 'migrations'
    group by c.relname order by c.relname
  loop
    execute format('alter table %I add constraint %I check (%s)', found.name, found.name || '_readable', found.rule);
  end loop;
end $$;
`;
