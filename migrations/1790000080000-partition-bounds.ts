import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Bounds the ids of rows that {@link Partitions1790000080200} turns into the first partitions: they end where the month
 * after next begins. The next migration validates the bounds, without a lock that disturbs anybody.
 */
export class PartitionBounds1790000080000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(`
      -- The smallest UUIDv7 of a time.
      create function first_uuid_of(at timestamptz) returns uuid language sql immutable strict as $$
        select (lpad(to_hex(floor(extract(epoch from at) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
      $$;
      do $$
      declare
        each text;
        bound uuid := first_uuid_of(date_trunc('month', now() at time zone 'utc' + interval '2 months') at time zone 'utc');
      begin
        foreach each in array array['events', 'webhook_deliveries', 'webhook_attempts'] loop
          execute format('alter table %I add constraint %I check (id < %L) not valid', each, each || '_first', bound);
        end loop;
      end $$;
    `);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
      alter table events drop constraint events_first;
      alter table webhook_deliveries drop constraint webhook_deliveries_first;
      alter table webhook_attempts drop constraint webhook_attempts_first;
      drop function first_uuid_of(timestamptz);
    `);
  }
}
