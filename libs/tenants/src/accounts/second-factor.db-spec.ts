import { randomUUID } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import type { DataSource } from 'typeorm';
import type { Database } from '#libs/database';
import { HOUR, SECOND } from '#libs/kernel';
import { openAsOwner, openTestDatabase } from '../../../../test/support/database.js';
import { peopleServices, workspaceOf } from '../../../../test/support/people.js';
import { WrongSecondFactor } from './second-factor.js';
import { CodesLocked } from './wrong-codes.js';

const PASSWORD = 'correct horse battery';
const HALF_MINUTE = 30_000;

let db: Database;
let source: DataSource;
let owner: DataSource;
let now: Date;
let here: ReturnType<typeof peopleServices>;

const clock = { now: () => now };
const later = (ms: number) => {
  now = new Date(now.getTime() + ms);
};
const outcomes = (results: ReadonlyArray<PromiseSettledResult<unknown>>) =>
  results.map((result) => (result.status === 'fulfilled' ? 'ok' : (result.reason as Error).constructor.name)).sort();
const codeOf = (seed: string) => new TOTP({ secret: Secret.fromBase32(seed) }).generate({ timestamp: now.getTime() });
const eight = <T>(work: () => Promise<T>) => Promise.allSettled(Array.from({ length: 8 }, work));
const oneOfEight = [...Array<string>(7).fill('WrongSecondFactor'), 'ok'];

beforeAll(async () => {
  ({ db, source } = await openTestDatabase());
  owner = await openAsOwner();
});
afterAll(() => Promise.all([source.destroy(), owner.destroy()]));
beforeEach(() => {
  now = new Date();
  here = peopleServices(db, clock);
});

async function enrolled() {
  const email = `${randomUUID()}@example.com`;
  const { sessionId, profile } = await here.accounts.signUp({ email, password: PASSWORD, workspace: 'Own' });
  const { accountId } = profile;
  const { seed } = await here.factors.begin(accountId, PASSWORD);
  const recoveryCodes = await here.factors.confirm(accountId, sessionId, codeOf(seed));
  later(HALF_MINUTE);
  return { email, sessionId, accountId, seed, recoveryCodes };
}

const openSessions = async (accountId: string) =>
  (await owner.query('select id from sessions where account_id = $1 and revoked_at is null', [accountId])) as object[];

describe('eight concurrent requests', () => {
  it('with one code open one session', async () => {
    const { email, accountId, seed } = await enrolled();
    const code = codeOf(seed);
    const results = await eight(() => here.accounts.logIn(email, PASSWORD, undefined, { code }));
    expect(outcomes(results)).toEqual(oneOfEight);
    expect(await openSessions(accountId)).toHaveLength(2);
  });

  it('with one recovery code open one session', async () => {
    const { email, accountId, recoveryCodes } = await enrolled();
    const proof = { recoveryCode: recoveryCodes[0] };
    expect(outcomes(await eight(() => here.accounts.logIn(email, PASSWORD, undefined, proof)))).toEqual(oneOfEight);
    expect(await here.factors.of(accountId)).toMatchObject({ recoveryCodesLeft: 9 });
  });

  it('with eight recovery codes open eight sessions', async () => {
    const { email, accountId, recoveryCodes } = await enrolled();
    const codes = [...recoveryCodes];
    const results = await eight(() => here.accounts.logIn(email, PASSWORD, undefined, { recoveryCode: codes.pop() }));
    expect(outcomes(results)).toEqual(Array<string>(8).fill('ok'));
    expect(await here.factors.of(accountId)).toMatchObject({ recoveryCodesLeft: 2 });
  });

  it('to confirm the factor turn it on once', async () => {
    const { sessionId, profile } = await here.accounts.signUp({
      email: `${randomUUID()}@example.com`,
      password: PASSWORD,
      workspace: 'Own',
    });
    const { seed } = await here.factors.begin(profile.accountId, PASSWORD);
    const code = codeOf(seed);
    const results = await eight(() => here.factors.confirm(profile.accountId, sessionId, code));
    expect(outcomes(results)).toEqual([...Array<string>(7).fill('SecondFactorActive'), 'ok']);
  });

  it('to log in with a password alone leave no session behind when the factor is turned on meanwhile', async () => {
    const email = `${randomUUID()}@example.com`;
    const { sessionId, profile } = await here.accounts.signUp({ email, password: PASSWORD, workspace: 'Own' });
    const { accountId } = profile;
    const { seed } = await here.factors.begin(accountId, PASSWORD);
    const [, confirmed] = await Promise.all([
      eight(() => here.accounts.logIn(email, PASSWORD)),
      here.factors.confirm(accountId, sessionId, codeOf(seed)),
    ]);
    expect(confirmed).toHaveLength(10);
    expect(await openSessions(accountId)).toEqual([{ id: sessionId }]);
  });
});

describe('attack 20: wrong codes', () => {
  const logIn = (email: string, proof: object) => here.accounts.logIn(email, PASSWORD, undefined, proof);
  const nine = async (email: string) => {
    for (let i = 0; i < 9; i += 1) await expect(logIn(email, { code: 'wrong!' })).rejects.toThrow(WrongSecondFactor);
  };

  it('lock codes for an hour after ten in a row, even when they are concurrent', async () => {
    const { email, accountId, seed } = await enrolled();
    const guesses = await Promise.allSettled(Array.from({ length: 15 }, () => logIn(email, { code: 'wrong!' })));
    expect(outcomes(guesses)).toEqual([
      ...Array<string>(5).fill('CodesLocked'),
      ...Array<string>(10).fill('WrongSecondFactor'),
    ]);
    expect(await openSessions(accountId)).toHaveLength(1);
    later(HOUR - SECOND);
    await expect(logIn(email, { code: codeOf(seed) })).rejects.toThrow(CodesLocked);
    later(SECOND);
    await expect(logIn(email, { code: codeOf(seed) })).resolves.toMatchObject({ profile: { accountId } });
  });

  it('are counted wherever a code is required, and change nothing', async () => {
    const { email, accountId, sessionId, seed } = await enrolled();
    const proof = { code: 'wrong!' };
    const passwords = { current: PASSWORD, next: 'another long password' };
    const owners = await here.accounts.signUp({
      email: `${randomUUID()}@example.com`,
      password: PASSWORD,
      workspace: 'W',
    });
    const { token } = await db.inTenant(owners.profile.tenant.id, (tx) =>
      here.invitations.create(tx, owners.profile.accountId, { email, role: 'viewer' }),
    );
    const ways = [
      () => here.accounts.changePassword(accountId, sessionId, passwords, proof),
      () => here.factors.disable(accountId, sessionId, PASSWORD, proof),
      () => here.invitations.accept(token, PASSWORD, undefined, proof),
    ];
    for (const way of [...ways, ...ways, ...ways, () => logIn(email, proof)]) {
      await expect(way()).rejects.toThrow(WrongSecondFactor);
    }
    for (const way of ways) await expect(way()).rejects.toThrow(CodesLocked);
    later(HOUR);
    await here.invitations.accept(token, PASSWORD, undefined, { code: codeOf(seed) });
  });

  it('are counted from zero after a valid code or a recovery code, which also ends a lock', async () => {
    const { email, seed, recoveryCodes } = await enrolled();
    await nine(email);
    await logIn(email, { code: codeOf(seed) });
    await nine(email);
    await expect(logIn(email, { code: 'wrong!' })).rejects.toThrow(WrongSecondFactor);
    await expect(logIn(email, { code: 'wrong!' })).rejects.toThrow(CodesLocked);
    await logIn(email, { recoveryCode: recoveryCodes[0] });
    later(HALF_MINUTE);
    await logIn(email, { code: codeOf(seed) });
  });

  it('are in the audit log of every workspace of the account', async () => {
    const { email, accountId } = await enrolled();
    const other = await workspaceOf(owner, 'owner');
    await owner.query(`insert into memberships (tenant_id, account_id, role) values ($1, $2, 'viewer')`, [
      other.tenantId,
      accountId,
    ]);
    await nine(email);
    await expect(logIn(email, { code: 'wrong!' })).rejects.toThrow(WrongSecondFactor);
    const entries = await owner.query(
      `select action, count(*)::int as times, count(distinct tenant_id)::int as workspaces from audit_entries
       where actor_id = $1 and action like '%code%' group by action order by action`,
      [accountId],
    );
    expect(entries).toEqual([
      { action: 'second_factor_codes_locked', times: 2, workspaces: 2 },
      { action: 'second_factor_wrong_code', times: 18, workspaces: 2 },
    ]);
  });
});

it('the secret of a second factor is encrypted for its account, and useless in the row of another', async () => {
  const [ada, bob] = [await enrolled(), await enrolled()];
  await owner.query(
    'update second_factors set totp_sealed = (select totp_sealed from second_factors where account_id = $1) where account_id = $2',
    [ada.accountId, bob.accountId],
  );
  const proof = { code: codeOf(ada.seed) };
  await expect(here.accounts.logIn(bob.email, PASSWORD, undefined, proof)).rejects.toThrow('does not open');
  // The check of the books would find a nonce that is used twice.
  await owner.query('delete from second_factors where account_id = $1', [bob.accountId]);
});
