import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { Database } from '#libs/database';
import { DAY, MINUTE, SECOND } from '#libs/kernel';
import { openAsOwner, openTestDatabase } from '../../../../test/support/database.js';
import { eventually } from '../../../../test/support/eventually.js';
import { peopleServices } from '../../../../test/support/people.js';
import { SESSION_LIFETIME } from './account.js';
import { AccountLinks } from './account-link.store.js';
import { LINK_LIFETIME, LINK_LIMITS, LinkInvalid, type LinkPurpose, TooManyMails } from './account-link.js';
import { SessionStore } from './session.store.js';

const PASSWORD = 'correct horse battery';
let db: Database;
let source: DataSource;
let owner: DataSource;
let now: Date;
let here: ReturnType<typeof peopleServices>;
const clock = { now: () => now };
const later = (ms: number) => {
  now = new Date(now.getTime() + ms);
};
const links = new AccountLinks(clock);
const store = new SessionStore();

beforeAll(async () => {
  ({ db, source } = await openTestDatabase());
  owner = await openAsOwner();
});
afterAll(() => Promise.all([source.destroy(), owner.destroy()]));
beforeEach(() => {
  now = new Date('2026-12-01T09:00:00Z');
  here = peopleServices(db, clock);
});
afterEach(() => vi.restoreAllMocks());

const newEmail = () => `${randomUUID()}@example.com`;
const signUp = (email = newEmail()) => here.accounts.signUp({ email, password: PASSWORD, workspace: 'Own' });
const inPlatform: Database['inPlatform'] = (...args) => db.inPlatform(...args);
const PURPOSES = Object.keys(LINK_LIFETIME) as LinkPurpose[];

describe('a link in an email', () => {
  const make = (accountId: string, purpose: LinkPurpose, address = 'ada@example.com') =>
    inPlatform('a test', (tx) => links.make(tx, accountId, purpose, address));
  const find = (purposes: readonly LinkPurpose[], token: string) =>
    inPlatform('a test', (tx) => links.find(tx, purposes, token));
  const use = (purpose: LinkPurpose, token: string) => inPlatform('a test', (tx) => links.use(tx, purpose, token));

  it.each(PURPOSES)('(%s) works once, for its purpose, until just before its end', async (purpose) => {
    const { accountId } = (await signUp()).profile;
    const { id, token } = await make(accountId, purpose);
    const others = PURPOSES.filter((each) => each !== purpose);
    await expect(find(others, token)).rejects.toThrow(LinkInvalid);
    for (const other of others) await expect(use(other, token)).rejects.toThrow(LinkInvalid);
    const addressOf = () => inPlatform('a test', (tx) => links.addressOf(tx, id));
    later(LINK_LIFETIME[purpose]);
    await expect(find(PURPOSES, token)).rejects.toThrow(LinkInvalid);
    await expect(use(purpose, token)).rejects.toThrow(LinkInvalid);
    expect(await addressOf()).toBeUndefined();
    later(-1);
    expect([await find(PURPOSES, token), await addressOf()]).toMatchObject([{ accountId, id }, 'ada@example.com']);
    expect(await use(purpose, token)).toMatchObject({ accountId, purpose });
    await expect(use(purpose, token)).rejects.toThrow(LinkInvalid);
    expect(await addressOf()).toBeUndefined();
  });

  it.each(PURPOSES.flatMap((purpose) => LINK_LIMITS[purpose].map((limit) => [purpose, limit] as const)))(
    '(%s) is made at most as often as %j allows, and again after exactly that time',
    async (purpose, { links: most, per }) => {
      const { accountId } = (await signUp()).profile;
      await owner.query(
        `insert into account_links (id, account_id, purpose, token_hash, address, created_at, expires_at)
         select gen_random_uuid(), $1, $2, sha256(convert_to(gen_random_uuid()::text, 'UTF8')), 'ada@example.com', $3, $3 from generate_series(1, $4::int) n`,
        [accountId, purpose, now, most],
      );
      later(per - 1);
      await expect(make(accountId, purpose)).rejects.toThrow(TooManyMails);
      later(1);
      await make(accountId, purpose);
      await make((await signUp()).profile.accountId, purpose);
    },
  );

  it('ends with the others of its account and purpose that were made since a given time', async () => {
    const [{ accountId }, { accountId: other }] = [(await signUp()).profile, (await signUp()).profile];
    const early = await make(accountId, 'restore_address');
    later(1);
    const from = now;
    const [late, different] = [await make(accountId, 'restore_address'), await make(accountId, 'reset_password')];
    const theirs = await make(other, 'restore_address');
    await inPlatform('a test', (tx) => links.end(tx, accountId, ['restore_address'], from));
    await expect(find(PURPOSES, late.token)).rejects.toThrow(LinkInvalid);
    for (const { token } of [early, different, theirs]) await find(PURPOSES, token);
    await inPlatform('a test', (tx) => links.end(tx, accountId, ['restore_address']));
    await expect(find(PURPOSES, early.token)).rejects.toThrow(LinkInvalid);
  });

  it('reserves an address for the account that may restore it', async () => {
    const { accountId } = (await signUp()).profile;
    const address = newEmail();
    await make(accountId, 'confirm_address', address);
    const isReserved = (forAccount: string | null, of = address) =>
      inPlatform('a test', (tx) => links.isReserved(tx, of, forAccount));
    expect(await isReserved(null)).toBe(false);
    const { token } = await make(accountId, 'restore_address', address);
    expect([await isReserved(null), await isReserved(randomUUID())]).toEqual([true, true]);
    expect([await isReserved(accountId), await isReserved(null, newEmail())]).toEqual([false, false]);
    later(LINK_LIFETIME.restore_address - 1);
    expect(await isReserved(null)).toBe(true);
    later(1);
    expect(await isReserved(null)).toBe(false);
    later(-1);
    await use('restore_address', token);
    expect(await isReserved(null)).toBe(false);
  });
});

describe('a session', () => {
  const rows = (accountId: string) =>
    owner.query<{ id: string; revoked_at: Date | null; revoked_because: string | null }[]>(
      'select id, revoked_at, revoked_because from sessions where account_id = $1 order by created_at',
      [accountId],
    );

  it('is not ended again with the others if it has ended or expired', async () => {
    const email = newEmail();
    const first = await signUp(email);
    const { accountId } = first.profile;
    later(1);
    const second = await here.accounts.logIn(email, PASSWORD);
    await inPlatform('a test', (tx) => store.revoke(tx, second.sessionId, now, 'first reason'));
    await inPlatform('a test', (tx) => store.revoke(tx, second.sessionId, now, 'second reason'));
    later(SESSION_LIFETIME - 1);
    await here.accounts.logIn(email, PASSWORD);
    const end = () => inPlatform('a test', (tx) => store.revokeAll(tx, accountId, now, 'all'));
    expect(await end()).toBe(1);
    expect((await rows(accountId)).map(({ revoked_because: because }) => because)).toEqual([
      null,
      'first reason',
      'all',
    ]);
    expect(await end()).toBe(0);
  });

  it('is recorded as used at most once a minute', async () => {
    const { profile, sessionId } = await signUp();
    const claims = { sessionId, accountId: profile.accountId, tenantId: profile.tenant.id };
    const asked = vi.spyOn(db, 'inPlatform');
    const noted = () => asked.mock.calls.filter(([why]) => why === 'record the use of a session').length;
    const usedAt = async () =>
      (await owner.query('select last_used_at as at from sessions where id = $1', [sessionId]))[0].at;
    const use = () => peopleServices(db, clock).sessions.roleOf(claims);
    await use();
    const first = now;
    await eventually('the first use', async () => (await usedAt())?.getTime() === first.getTime());
    later(MINUTE - 1);
    await use();
    expect(noted()).toBe(1);
    later(1);
    await use();
    expect(noted()).toBe(2);
    await eventually('the second use', async () => (await usedAt())?.getTime() === now.getTime());
  });

  it('is checked again after exactly five seconds', async () => {
    const { profile, sessionId } = await signUp();
    const claims = { sessionId, accountId: profile.accountId, tenantId: profile.tenant.id };
    await here.sessions.roleOf(claims);
    await owner.query('update sessions set revoked_at = $2 where id = $1', [sessionId, now]);
    later(5 * SECOND - 1);
    expect(await here.sessions.roleOf(claims)).toBe('owner');
    later(1);
    expect(await here.sessions.roleOf(claims)).toBeUndefined();
  });

  it('is valid only for its account', async () => {
    const [one, other] = [await signUp(), await signUp()];
    const claims = { sessionId: one.sessionId, accountId: other.profile.accountId, tenantId: other.profile.tenant.id };
    expect(await here.sessions.roleOf(claims)).toBeUndefined();
  });
});

it('notices about new devices are limited to five a day', async () => {
  const email = newEmail();
  const { accountId } = (await signUp(email)).profile;
  const mails = async () =>
    (await owner.query<unknown[]>(`select from mails where account_id = $1 and kind = 'new_device'`, [accountId]))
      .length;
  const logsIn = (userAgent: string) =>
    here.accounts.logIn(email, PASSWORD, { network: '192.0.2.0', userAgent } as never);
  for (let n = 0; n < 7; n += 1) await logsIn(`${'x'.repeat(n + 1)}/1.0`);
  expect(await mails()).toBe(5);
  await logsIn('x/2.0');
  later(DAY - 1);
  await logsIn('another/1.0');
  expect(await mails()).toBe(5);
  later(1);
  await logsIn('a third/1.0');
  expect(await mails()).toBe(6);
});
