import { randomUUID } from 'node:crypto';
import { parseOptions } from '@node-rs/argon2';
import type { DataSource } from 'typeorm';
import type { Database } from '#libs/database';
import { NotFound, Turns } from '#libs/kernel';
import { openAsOwner, openTestDatabase } from '../../../../test/support/database.js';
import { peopleServices } from '../../../../test/support/people.js';
import {
  EmailTaken,
  RefreshInProgress,
  RefreshRefused,
  SESSION_LIFETIME,
  TooBusy,
  WrongCredentials,
} from './account.js';
import type { AccountService } from './account.service.js';
import { Passwords } from './passwords.service.js';
import type { SessionTokens } from './session-tokens.service.js';

const PASSWORD = 'correct horse battery';

let db: Database;
let source: DataSource;
let owner: DataSource;
let accounts: AccountService;
let tokens: SessionTokens;
let now: Date;

const clock = { now: () => now };

const later = (ms: number) => {
  now = new Date(now.getTime() + ms);
};
const newEmail = () => `${randomUUID()}@example.com`;
const signUp = (email = newEmail()) => accounts.signUp({ email, password: PASSWORD, workspace: 'Ada & Co' });
const outcomes = (results: ReadonlyArray<PromiseSettledResult<unknown>>) =>
  results.map((result) => (result.status === 'fulfilled' ? 'ok' : (result.reason as Error).constructor.name)).sort();

beforeAll(async () => {
  ({ db, source } = await openTestDatabase());
  owner = await openAsOwner();
});
afterAll(() => Promise.all([source.destroy(), owner.destroy()]));
beforeEach(() => {
  now = new Date();
  ({ accounts, tokens } = peopleServices(db, clock));
});

describe('signing up', () => {
  it('creates an account, a workspace that it owns, and a session', async () => {
    const email = newEmail();
    const { profile, refreshToken } = await signUp(` ${email.toUpperCase()} `);
    expect(profile).toMatchObject({ email, role: 'owner', tenant: { name: 'Ada & Co', state: 'active' } });
    expect(Buffer.from(refreshToken, 'base64url')).toHaveLength(32);
    expect(await accounts.profile(profile.accountId, profile.tenant.id)).toEqual(profile);
  });

  it('stores an argon2id hash of the password with at least 46 MiB, and the SHA-256 of the refresh token', async () => {
    const { profile, refreshToken } = await signUp();
    const [row] = await owner.query('select password_hash from accounts where id = $1', [profile.accountId]);
    expect(row.password_hash).toMatch(/^\$argon2id\$/);
    expect(parseOptions(row.password_hash)).toMatchObject({ memoryCost: 47_104, timeCost: 1, parallelism: 1 });
    const found = await owner.query("select 1 from refresh_tokens where hash = sha256(convert_to($1, 'UTF8'))", [
      refreshToken,
    ]);
    expect(found).toHaveLength(1);
  });

  it('is refused for a taken address', async () => {
    const email = newEmail();
    await signUp(email);
    await expect(signUp(email.toUpperCase())).rejects.toThrow(EmailTaken);
  });

  it('creates one account and one workspace for concurrent requests', async () => {
    const email = newEmail();
    const workspace = randomUUID();
    const form = { email, password: PASSWORD, workspace };
    const results = await Promise.allSettled([1, 2, 3].map(() => accounts.signUp(form)));
    expect(outcomes(results)).toEqual(['EmailTaken', 'EmailTaken', 'ok']);
    expect(await owner.query('select 1 from tenants where name = $1', [workspace])).toHaveLength(1);
  });
});

describe('logging in', () => {
  it('opens a new session each time, whatever the case of the address', async () => {
    const email = newEmail();
    const { sessionId } = await signUp(email);
    const session = await accounts.logIn(email.toUpperCase(), PASSWORD);
    expect(session.profile.email).toBe(email);
    expect(session.sessionId).not.toBe(sessionId);
  });

  it('attack 20: gives the same answer for a wrong password and an unknown address', async () => {
    const email = newEmail();
    await signUp(email);
    await expect(accounts.logIn(email, 'not the password')).rejects.toThrow(WrongCredentials);
    await expect(accounts.logIn(newEmail(), PASSWORD)).rejects.toThrow(WrongCredentials);
  });

  it('attack 20: also hashes for an unknown address', async () => {
    const passwords = new Passwords();
    const hashed = await passwords.hash('another one');
    const hashes = vi.spyOn(Turns.prototype, 'take');
    const workOf = async (stored: string | undefined) => {
      hashes.mockClear();
      expect(await passwords.matches(stored, 'whatever it is')).toBe(false);
      return hashes.mock.calls.length;
    };
    expect([await workOf(undefined), await workOf(hashed)]).toEqual([1, 1]);
  });

  it('accepts ten people at once', async () => {
    const passwords = new Passwords();
    const hashes = await Promise.all(Array.from({ length: 10 }, (_, i) => passwords.hash(`password ${i}`)));
    expect(await Promise.all(hashes.map((hash, i) => passwords.matches(hash, `password ${i}`)))).not.toContain(false);
  });

  it('attack 20: lets four people hash and a hundred wait, and asks all others to try later', async () => {
    const passwords = new Passwords();
    const stored = await passwords.hash('the password');
    // The first hash of the process does its one-time set-up.
    await passwords.matches(undefined, 'warm');
    const asked = Array.from({ length: 200 }, () => passwords.matches(stored, 'not the password'));
    const answers = await Promise.allSettled(asked);
    expect(answers.filter((one) => one.status === 'fulfilled' && !one.value)).toHaveLength(104);
    expect(answers.filter((one) => one.status === 'rejected' && one.reason instanceof TooBusy)).toHaveLength(96);
  });
});

describe('attack 19: refreshing a session', () => {
  it('gives a new token each time, within the same session', async () => {
    const first = await signUp();
    const second = await tokens.refresh(first.refreshToken);
    const third = await tokens.refresh(second.refreshToken);
    expect(third.profile).toEqual(first.profile);
    expect(third.sessionId).toBe(first.sessionId);
    expect(new Set([first, second, third].map((it) => it.refreshToken)).size).toBe(3);
  });

  it('yields exactly one working successor for eight concurrent requests with one token', async () => {
    const { refreshToken, sessionId } = await signUp();
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => tokens.refresh(refreshToken)));
    expect(outcomes(results)).toEqual([...Array.from({ length: 7 }, () => 'RefreshInProgress'), 'ok']);
    const rows = await owner.query('select used_at from refresh_tokens where session_id = $1', [sessionId]);
    expect(rows).toHaveLength(2);
    const winner = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))[0];
    await expect(tokens.refresh(winner?.refreshToken ?? '')).resolves.toMatchObject({ sessionId });
  });

  it('changes nothing with a token that was used within the last ten seconds', async () => {
    const first = await signUp();
    const second = await tokens.refresh(first.refreshToken);
    later(10_000);
    await expect(tokens.refresh(first.refreshToken)).rejects.toThrow(RefreshInProgress);
    await expect(tokens.refresh(second.refreshToken)).resolves.toBeDefined();
  });

  it('ends the session for everyone with a token that was used earlier', async () => {
    const first = await signUp();
    const second = await tokens.refresh(first.refreshToken);
    later(10_001);
    await expect(tokens.refresh(first.refreshToken)).rejects.toThrow(RefreshRefused);
    await expect(tokens.refresh(second.refreshToken)).rejects.toThrow(RefreshRefused);
    const [session] = await owner.query('select revoked_because from sessions where id = $1', [first.sessionId]);
    expect(session).toEqual({ revoked_because: 'refresh_token_reused' });
  });

  it('also ends the session with the token before that one', async () => {
    const first = await signUp();
    const second = await tokens.refresh(first.refreshToken);
    const third = await tokens.refresh(second.refreshToken);
    later(10_001);
    await expect(tokens.refresh(first.refreshToken)).rejects.toThrow(RefreshRefused);
    await expect(tokens.refresh(third.refreshToken)).rejects.toThrow(RefreshRefused);
  });

  it('with a stolen token does not affect other sessions of the account', async () => {
    const email = newEmail();
    const stolen = await signUp(email);
    const other = await accounts.logIn(email, PASSWORD);
    await tokens.refresh(stolen.refreshToken);
    later(11_000);
    await expect(tokens.refresh(stolen.refreshToken)).rejects.toThrow(RefreshRefused);
    await expect(tokens.refresh(other.refreshToken)).resolves.toBeDefined();
  });

  it('is refused after thirty days, after logging out and after the end of the membership', async () => {
    const [old, left, dismissed] = [await signUp(), await signUp(), await signUp()];
    await accounts.logOut(left.profile.accountId, left.sessionId);
    await accounts.logOut(left.profile.accountId, left.sessionId);
    await expect(tokens.refresh(left.refreshToken)).rejects.toThrow(RefreshRefused);

    const { accountId, tenant } = dismissed.profile;
    await owner.query('delete from memberships where account_id = $1', [accountId]);
    await expect(tokens.refresh(dismissed.refreshToken)).rejects.toThrow(RefreshRefused);
    await expect(accounts.profile(accountId, tenant.id)).rejects.toThrow(NotFound);

    later(SESSION_LIFETIME);
    await expect(tokens.refresh(old.refreshToken)).rejects.toThrow(RefreshRefused);
  });

  it('is refused after logging out with the current or a used token; an unknown token ends nothing', async () => {
    const [first, other] = [await signUp(), await signUp()];
    const second = await tokens.refresh(first.refreshToken);
    await tokens.end('nonsense');
    const third = await tokens.refresh(second.refreshToken);
    await tokens.end(first.refreshToken);
    await expect(tokens.refresh(third.refreshToken)).rejects.toThrow(RefreshRefused);
    await tokens.end(other.refreshToken);
    await expect(tokens.refresh(other.refreshToken)).rejects.toThrow(RefreshRefused);
  });

  it('is refused with an invalid token', async () => {
    await expect(tokens.refresh('nonsense')).rejects.toThrow(RefreshRefused);
  });
});

it('the profile of an account is hidden in a workspace to which it does not belong', async () => {
  const [ada, bob] = [await signUp(), await signUp()];
  await expect(accounts.profile(ada.profile.accountId, bob.profile.tenant.id)).rejects.toThrow(NotFound);
});
