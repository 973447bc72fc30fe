import type { DataSource } from 'typeorm';
import { assertWeakRole, makeDataSource } from '#libs/database';
import { openAsOwner, testDatabaseUrl, testOwnerUrl } from '../support/database.js';
import { newName, onFreshDatabase, urlOf } from './fresh-database.js';

let owner: DataSource;

beforeAll(async () => {
  owner = await openAsOwner();
});
afterAll(() => owner.destroy());

async function startWith(url: string): Promise<void> {
  const source = await makeDataSource(url, { name: 'guard', size: 1, statementTimeoutMs: 2_000 }).initialize();
  try {
    await assertWeakRole(source);
  } finally {
    await source.destroy();
  }
}

const REMEDY =
  'Set DATABASE_URL to an ordinary user and run `npm run migrate` with DATABASE_OWNER_URL set to the owner; that creates the ordinary user.';

/** Runs `work` as a new database user in a new database. */
async function withUser(
  rights: string,
  work: (database: string, user: string, url: string) => Promise<void>,
): Promise<void> {
  const [name, password] = [newName(), 'guarded'];
  await owner.query(`create role ${name} login password '${password}' ${rights}`);
  try {
    await onFreshDatabase(owner, (database) => work(database, name, urlOf(database, { name, password })));
  } finally {
    await owner.query(`drop role ${name}`);
  }
}

describe('a Starwall process', () => {
  it("starts with the application's login", async () => {
    await expect(startWith(testDatabaseUrl())).resolves.toBeUndefined();
  });

  it('refuses a superuser, with a remedy', async () => {
    const user = new URL(testOwnerUrl()).username;
    const start = startWith(testOwnerUrl());
    await expect(start).rejects.toThrow(`Refusing to start: the database user "${user}" can bypass row-level security`);
    await expect(start).rejects.toThrow(REMEDY);
  });

  it('refuses a user with BYPASSRLS', () =>
    withUser('bypassrls', async (_database, user, url) => {
      await expect(startWith(url)).rejects.toThrow(`"${user}" can bypass row-level security`);
    }));

  it('refuses the owner of a table, with a remedy', () =>
    withUser('', async (database, user, url) => {
      const inside = await makeDataSource(urlOf(database), {
        name: 'guard',
        size: 1,
        statementTimeoutMs: 2_000,
      }).initialize();
      await inside.query(`create table mine (id int); alter table mine owner to ${user}`);
      await inside.destroy();
      const start = startWith(url);
      await expect(start).rejects.toThrow(`Refusing to start: the database user "${user}" owns tables`);
      await expect(start).rejects.toThrow(REMEDY);
    }));
});
