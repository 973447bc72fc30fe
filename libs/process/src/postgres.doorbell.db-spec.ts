import { Logger } from '@nestjs/common';
import { openAsOwner, testDatabaseUrl } from '../../../test/support/database.js';
import { eventually } from '../../../test/support/eventually.js';
import { PostgresDoorbell } from './postgres.doorbell.js';

const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
const open = new Set<PostgresDoorbell>();

/** Creates the bell of a process. */
function bell(): PostgresDoorbell {
  const made = new PostgresDoorbell({ databaseUrl: testDatabaseUrl(), bellUrl: undefined });
  open.add(made);
  return made;
}

/** Waits until the bell hears the rings of others. @returns the number of rings heard since then */
async function listener(to: PostgresDoorbell): Promise<{ heard: number }> {
  const state = { heard: 0 };
  to.listen('inbox', () => (state.heard += 1));
  await eventually('the first ring after connecting', async () => state.heard > 0);
  state.heard = 0;
  return state;
}

beforeEach(() => warn.mockClear());
afterEach(async () => {
  await Promise.all([...open].map((each) => each.onApplicationShutdown()));
  open.clear();
});
afterAll(() => warn.mockRestore());

it('a ring wakes listeners in other processes', async () => {
  const [first, second] = [await listener(bell()), await listener(bell())];
  bell().ring('inbox');
  await eventually('both to hear', async () => first.heard === 1 && second.heard === 1);
});

it('a ring wakes listeners in the same process at once, and no others', async () => {
  const [here, there] = [bell(), bell()];
  const [own, others] = [await listener(here), await listener(there)];
  here.ring('inbox');
  expect(own.heard).toBe(1);
  bell().ring('inbox');
  await eventually('the ring after it', async () => others.heard > 0);
  expect(others.heard).toBe(1);
});

it('many rings are combined into a few', async () => {
  const state = await listener(bell());
  const ringer = bell();
  for (let n = 0; n < 500; n += 1) ringer.ring('inbox');
  await eventually('a ring', async () => state.heard > 0);
  expect(state.heard).toBeLessThan(5);
});

it('a bell reconnects after its connection broke, and rings at once', async () => {
  const state = await listener(bell());
  const owner = await openAsOwner();
  await owner.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'starwall-bell'`);
  await owner.destroy();
  await eventually('a poll', async () => state.heard > 0);
  state.heard = 0;
  bell().ring('inbox');
  await eventually('a ring', async () => state.heard > 0);
  expect(warn).toHaveBeenCalledTimes(1);
});

it('ringing neither waits nor fails while PostgreSQL is unreachable, and the ring is lost', async () => {
  const made = new PostgresDoorbell({ databaseUrl: 'postgres://nobody:x@127.0.0.1:1/x', bellUrl: undefined });
  open.add(made);
  made.ring('inbox');
  await eventually('a complaint', async () => warn.mock.calls.length === 1);
  expect(String(warn.mock.calls[0])).toContain('Nothing is lost');
});
