import { Secret, TOTP } from 'otpauth';
import type { DataSource } from 'typeorm';
import type { Database } from '#libs/database';
import { AuditStore, NOWHERE } from '#libs/journal';
import { HOUR, MINUTE, newUuid, SECOND } from '#libs/kernel';
import { CodesLocked, Passwords, RefreshRefused, WrongCredentials, WrongPassword } from '#libs/tenants';
import { openAsOwner, openTestDatabase, testBox } from '../../../test/support/database.js';
import { ChallengeInvalid, StaffExists, WrongCode } from './staff.js';
import { StaffAccounts } from './staff-account.service.js';
import { StaffDirectory } from './staff-directory.service.js';
import { StaffFactors } from './staff-factor.service.js';
import { StaffSessions } from './staff-session.service.js';

let db: Database;
let source: DataSource;
let owner: DataSource;
let time: Date;
let sessions: StaffSessions;
let accounts: StaffAccounts;
let directory: StaffDirectory;

beforeAll(async () => {
  ({ db, source } = await openTestDatabase());
  owner = await openAsOwner();
  const clock = { now: () => time };
  const passwords = new Passwords();
  directory = new StaffDirectory(db, clock);
  accounts = new StaffAccounts(db, passwords, directory, clock);
  const factors = new StaffFactors(db, testBox(), new AuditStore(), clock);
  sessions = new StaffSessions(db, passwords, factors, directory, new AuditStore(), clock);
});
beforeEach(() => {
  time = new Date('2031-02-03T04:05:06Z');
});
afterAll(() => Promise.all([source.destroy(), owner.destroy()]));

const pass = (ms: number) => {
  time = new Date(time.getTime() + ms);
};
const codeOf = (seed: string) => new TOTP({ secret: Secret.fromBase32(seed) }).generate({ timestamp: time.getTime() });

async function enrolled() {
  const email = `${newUuid()}@staff.example`;
  const { password } = await accounts.create(email, 'support');
  const { enrolment, ...claim } = await sessions.logIn(email, password);
  const seed = String(enrolment?.seed);
  const open = await sessions.confirm(claim, codeOf(seed), NOWHERE);
  const recoveryCodes = open.recoveryCodes ?? [];
  return {
    email,
    password,
    seed,
    claim,
    open,
    recoveryCodes,
    roleNow: () => directory.roleOf(open.staffId, open.sessionId),
  };
}

describe('a staff session', () => {
  it('ends after an idle hour', async () => {
    const { open, roleNow } = await enrolled();
    pass(HOUR - SECOND);
    expect(await roleNow()).toBe('support');
    pass(SECOND);
    directory.forget(open.staffId);
    expect(await roleNow()).toBeUndefined();
    await expect(sessions.refresh(open.refreshToken)).rejects.toThrow(RefreshRefused);
  });

  it('continues while it is refreshed, but ends after twelve hours', async () => {
    const { open, roleNow } = await enrolled();
    let { refreshToken } = open;
    for (let i = 0; i < 23; i += 1) {
      pass(30 * MINUTE);
      ({ refreshToken } = await sessions.refresh(refreshToken));
    }
    directory.forget(open.staffId);
    expect(await roleNow()).toBe('support');
    pass(30 * MINUTE);
    await expect(sessions.refresh(refreshToken)).rejects.toThrow(RefreshRefused);
    directory.forget(open.staffId);
    expect(await roleNow()).toBeUndefined();
  });

  it.each([1, 2, 5])('attack 19: ends when a stolen refresh token is reused %d exchanges later', async (times) => {
    const { open, roleNow } = await enrolled();
    let latest = open;
    for (let i = 0; i < times; i += 1) latest = await sessions.refresh(latest.refreshToken);
    pass(11 * SECOND);
    expect(await roleNow()).toBe('support');
    await expect(sessions.refresh(open.refreshToken)).rejects.toThrow(RefreshRefused);
    expect(await roleNow()).toBeUndefined();
    await expect(sessions.refresh(latest.refreshToken)).rejects.toThrow(RefreshRefused);
  });

  it('is refreshed once by concurrent requests', async () => {
    const { open } = await enrolled();
    const answers = await Promise.allSettled([1, 2, 3].map(() => sessions.refresh(open.refreshToken)));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});

describe('a second factor', () => {
  it('is encrypted in the database, and recovery codes are stored only as hashes', async () => {
    const { seed, open } = await enrolled();
    const [row] = await owner.query('select * from staff_accounts where id = $1', [open.staffId]);
    expect(JSON.stringify(row)).not.toContain(seed);
    expect(row.totp_sealed.includes(Buffer.from(seed))).toBe(false);
    expect(row.recovery_hashes).toHaveLength(10);
  });

  it('accepts neither a code from a minute ago nor the same code twice', async () => {
    const { seed, claim } = await enrolled();
    const used = codeOf(seed);
    await expect(sessions.confirm(claim, used, NOWHERE)).rejects.toThrow(WrongCode);
    pass(MINUTE);
    const old = codeOf(seed);
    pass(MINUTE);
    await expect(sessions.confirm(claim, old, NOWHERE)).rejects.toThrow(WrongCode);
    await sessions.confirm(claim, codeOf(seed), NOWHERE);
  });

  it('is invalid if another one was offered before its confirmation', async () => {
    const email = `${newUuid()}@staff.example`;
    const { password } = await accounts.create(email, 'viewer');
    const [first, second] = [await sessions.logIn(email, password), await sessions.logIn(email, password)];
    await expect(sessions.confirm(first, codeOf(String(first.enrolment?.seed)), NOWHERE)).rejects.toThrow(WrongCode);
    const open = await sessions.confirm(second, codeOf(String(second.enrolment?.seed)), NOWHERE);
    expect(open.recoveryCodes).toHaveLength(10);
  });
});

describe('attack 20: wrong codes of staff', () => {
  const wrong = (claim: Parameters<StaffSessions['confirm']>[0]) => sessions.confirm(claim, 'wrong!', NOWHERE);
  const actionsOf = async (staffId: string) =>
    (await owner.query('select action from staff_entries where actor_id = $1 order by id', [staffId])).map(
      ({ action }: { action: string }) => action,
    );

  it('lock codes for an hour after ten in a row, even when they are concurrent, and all are in the log', async () => {
    const { claim, seed, open } = await enrolled();
    const guesses = await Promise.allSettled(Array.from({ length: 15 }, () => wrong(claim)));
    const refusals = guesses.map((one) => (one.status === 'rejected' ? (one.reason as Error).constructor : undefined));
    expect(refusals.filter((one) => one === WrongCode)).toHaveLength(10);
    expect(refusals.filter((one) => one === CodesLocked)).toHaveLength(5);
    expect(await actionsOf(open.staffId)).toEqual([
      'staff_second_factor_confirmed',
      ...Array<string>(9).fill('staff_wrong_code'),
      'staff_codes_locked',
    ]);
    pass(HOUR - SECOND);
    await expect(sessions.confirm(claim, codeOf(seed), NOWHERE)).rejects.toThrow(CodesLocked);
    pass(SECOND);
    await sessions.confirm(claim, codeOf(seed), NOWHERE);
    expect(await actionsOf(open.staffId)).toContain('staff_logged_in');
  });

  it('are counted from zero after a valid code', async () => {
    const { claim, seed } = await enrolled();
    for (let i = 0; i < 9; i += 1) await expect(wrong(claim)).rejects.toThrow(WrongCode);
    pass(MINUTE);
    await sessions.confirm(claim, codeOf(seed), NOWHERE);
    for (let i = 0; i < 10; i += 1) await expect(wrong(claim)).rejects.toThrow(WrongCode);
    await expect(wrong(claim)).rejects.toThrow(CodesLocked);
  });

  it('do not affect recovery codes, one of which ends the lock', async () => {
    const { claim, seed, recoveryCodes } = await enrolled();
    for (let i = 0; i < 10; i += 1) await expect(wrong(claim)).rejects.toThrow(WrongCode);
    await sessions.recover(claim, String(recoveryCodes[0]), NOWHERE);
    pass(MINUTE);
    await sessions.confirm(claim, codeOf(seed), NOWHERE);
  });

  it('lock nothing while an authenticator is being enrolled', async () => {
    const email = `${newUuid()}@staff.example`;
    const { password } = await accounts.create(email, 'viewer');
    const { enrolment, ...claim } = await sessions.logIn(email, password);
    for (let i = 0; i < 11; i += 1) await expect(wrong(claim)).rejects.toThrow(WrongCode);
    await sessions.confirm(claim, codeOf(String(enrolment?.seed)), NOWHERE);
  });
});

describe('a staff password', () => {
  it('ends other sessions and logins in progress when it is changed', async () => {
    const { email, password, seed, claim, open, roleNow } = await enrolled();
    pass(MINUTE);
    const other = await sessions.confirm(claim, codeOf(seed), NOWHERE);
    await expect(accounts.changePassword(open.staffId, open.sessionId, 'wrong', 'a new password')).rejects.toThrow(
      WrongPassword,
    );
    await accounts.changePassword(open.staffId, open.sessionId, password, 'a new password');
    expect([await roleNow(), await directory.roleOf(other.staffId, other.sessionId)]).toEqual(['support', undefined]);
    pass(MINUTE);
    await expect(sessions.confirm(claim, codeOf(seed), NOWHERE)).rejects.toThrow(ChallengeInvalid);
    await expect(sessions.logIn(email, password)).rejects.toThrow(WrongCredentials);
    expect((await sessions.logIn(email, 'a new password')).enrolment).toBeUndefined();
  });

  it('belongs to one account per address, however the address is written', async () => {
    const { email } = await enrolled();
    await expect(accounts.create(email.toUpperCase(), 'admin')).rejects.toThrow(StaffExists);
  });
});
