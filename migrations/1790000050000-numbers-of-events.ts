import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An order numbers its events by a function, so that whoever records an event does not write orders. */
export class NumbersOfEvents1790000050000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`set local lock_timeout = '2s'`);
    await q.query(UP);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(DOWN);
  }
}

// Locks the order until the transaction ends. Null for an event that is about no order.
const UP = `
create function number_of_event(tenant uuid, subject uuid) returns integer language plpgsql as $$
declare number integer;
begin
  update orders set event_sequence = event_sequence + 1 where tenant_id = tenant and id = subject returning event_sequence into number;
  return number;
end
$$;
`;

const DOWN = `
drop function number_of_event(uuid, uuid);
`;
