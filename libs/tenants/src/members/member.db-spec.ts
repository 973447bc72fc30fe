import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { Database } from '#libs/database';
import { NotFound, SECOND } from '#libs/kernel';
import { openAsOwner, openTestDatabase } from '../../../../test/support/database.js';
import { waiting, whileHeld } from '../../../../test/support/locks.js';
import { peopleServices, workspaceOf } from '../../../../test/support/people.js';
import { RefreshRefused, SESSION_LIFETIME, WrongCredentials, WrongPassword } from '../accounts/account.js';
import { AlreadyMember, INVITATION_LIFETIME, InvitationInvalid, LastOwner, RoleNotYours } from './member.js';
import type { Role } from '../accounts/scope.js';

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
const newEmail = () => `${randomUUID()}@example.com`;
const outcomes = (results: ReadonlyArray<PromiseSettledResult<unknown>>) =>
  results.map((result) => (result.status === 'fulfilled' ? 'ok' : (result.reason as Error).constructor.name)).sort();

beforeAll(async () => {
  ({ db, source } = await openTestDatabase());
  owner = await openAsOwner();
});
afterAll(() => Promise.all([source.destroy(), owner.destroy()]));
beforeEach(() => {
  now = new Date();
  here = peopleServices(db, clock);
});

const remove = (tenantId: string, by: string, of: string) =>
  db.inTenant(tenantId, (tx) => here.members.remove(tx, by, of));
const invite = (tenantId: string, by: string, email: string, role: Role = 'viewer') =>
  db.inTenant(tenantId, (tx) => here.invitations.create(tx, by, { email, role }));
const rolesIn = async (tenantId: string) => (await here.members.list(tenantId, 100)).map(({ role }) => role).sort();
const signUp = (email = newEmail()) => here.accounts.signUp({ email, password: PASSWORD, workspace: 'Own' });

describe('the last owner', () => {
  it('can neither leave nor step down', async () => {
    const { tenantId, accountIds } = await workspaceOf(owner, 'owner', 'admin');
    const [boss = ''] = accountIds;
    await expect(remove(tenantId, boss, boss)).rejects.toThrow(LastOwner);
    await expect(here.members.changeRole(tenantId, boss, boss, 'admin')).rejects.toThrow(LastOwner);
    expect(await rolesIn(tenantId)).toEqual(['admin', 'owner']);
  });

  it('remains when two owners remove each other concurrently', async () => {
    for (let i = 0; i < 10; i += 1) {
      const { tenantId, accountIds } = await workspaceOf(owner, 'owner', 'owner');
      const [a = '', b = ''] = accountIds;
      const results = await Promise.allSettled([remove(tenantId, a, b), remove(tenantId, b, a)]);
      expect(outcomes(results)).toEqual(['RoleNotYours', 'ok']);
      expect(await rolesIn(tenantId)).toEqual(['owner']);
    }
  });

  it('remains when three owners leave or step down concurrently', async () => {
    for (let i = 0; i < 10; i += 1) {
      const { tenantId, accountIds } = await workspaceOf(owner, 'owner', 'owner', 'owner');
      const [a = '', b = '', c = ''] = accountIds;
      const results = await Promise.allSettled([
        remove(tenantId, a, a),
        here.members.changeRole(tenantId, b, b, 'viewer'),
        remove(tenantId, c, c),
      ]);
      expect(outcomes(results)).toEqual(['LastOwner', 'ok', 'ok']);
      expect((await rolesIn(tenantId)).filter((role) => role === 'owner')).toHaveLength(1);
    }
  });
});

describe('a member', () => {
  it('is managed by owners, and by admins if the role is lower than theirs', async () => {
    const { tenantId, accountIds } = await workspaceOf(owner, 'owner', 'admin', 'viewer');
    const [boss = '', admin = '', viewer = ''] = accountIds;
    await expect(here.members.changeRole(tenantId, admin, viewer, 'admin')).rejects.toThrow(RoleNotYours);
    await expect(remove(tenantId, admin, boss)).rejects.toThrow(RoleNotYours);
    const changed = await here.members.changeRole(tenantId, admin, viewer, 'support');
    expect(changed).toMatchObject({ accountId: viewer, email: `${viewer}@example.com`, role: 'support' });
    await here.members.changeRole(tenantId, boss, viewer, 'owner');
    expect(await rolesIn(tenantId)).toEqual(['admin', 'owner', 'owner']);
  });

  it('of another workspace cannot be changed or removed by an owner of this one', async () => {
    const [mine, theirs] = [await workspaceOf(owner, 'owner'), await workspaceOf(owner, 'owner', 'viewer')];
    const [me = ''] = mine.accountIds;
    const [, stranger = ''] = theirs.accountIds;
    await expect(here.members.changeRole(mine.tenantId, me, stranger, 'owner')).rejects.toThrow(NotFound);
    await expect(remove(mine.tenantId, me, stranger)).rejects.toThrow(NotFound);
    await expect(remove(theirs.tenantId, me, stranger)).rejects.toThrow(RoleNotYours);
  });

  it('loses access here at once and elsewhere after five seconds when removed, and cannot return by refreshing', async () => {
    const boss = await signUp();
    const { tenant, accountId } = boss.profile;
    const { token } = await invite(tenant.id, accountId, newEmail(), 'admin');
    const guest = await here.invitations.accept(token, PASSWORD);
    const claims = { sessionId: guest.sessionId, accountId: guest.profile.accountId, tenantId: tenant.id };
    const elsewhere = peopleServices(db, clock).sessions;
    expect([await here.sessions.roleOf(claims), await elsewhere.roleOf(claims)]).toEqual(['admin', 'admin']);
    const open = await invite(tenant.id, claims.accountId, newEmail());

    await remove(tenant.id, accountId, claims.accountId);
    expect(await here.sessions.roleOf(claims)).toBeUndefined();
    later(5 * SECOND);
    expect(await elsewhere.roleOf(claims)).toBeUndefined();
    await expect(here.tokens.refresh(guest.refreshToken)).rejects.toThrow(RefreshRefused);
    await expect(here.invitations.accept(open.token, PASSWORD)).rejects.toThrow(InvitationInvalid);
  });

  it("loses access at the end of the session's lifetime, for both tokens", async () => {
    const { profile, sessionId, refreshToken } = await signUp();
    const claims = { sessionId, accountId: profile.accountId, tenantId: profile.tenant.id };
    later(SESSION_LIFETIME - 1);
    expect(await here.sessions.roleOf(claims)).toBe('owner');
    later(1);
    // The process that has just checked keeps the result for five more seconds.
    expect(await peopleServices(db, clock).sessions.roleOf(claims)).toBeUndefined();
    await expect(here.tokens.refresh(refreshToken)).rejects.toThrow(RefreshRefused);
    later(5 * SECOND);
    expect(await here.sessions.roleOf(claims)).toBeUndefined();
  });

  it('gets a new role at once, without a new token', async () => {
    const { profile, sessionId } = await signUp();
    const claims = { sessionId, accountId: profile.accountId, tenantId: profile.tenant.id };
    const second = await invite(claims.tenantId, claims.accountId, newEmail(), 'owner');
    const other = await here.invitations.accept(second.token, PASSWORD);
    expect(await here.sessions.roleOf(claims)).toBe('owner');
    await here.members.changeRole(claims.tenantId, other.profile.accountId, claims.accountId, 'viewer');
    expect(await here.sessions.roleOf(claims)).toBe('viewer');
  });
});

describe('an invitation', () => {
  it('creates an account with its address, a member and a session', async () => {
    const { tenantId, accountIds } = await workspaceOf(owner, 'owner');
    const email = newEmail();
    const { token, row } = await invite(tenantId, accountIds[0] ?? '', ` ${email.toUpperCase()}`, 'support');
    const { profile } = await here.invitations.accept(token, PASSWORD);
    expect(profile).toMatchObject({ email, role: 'support', tenant: { id: tenantId } });
    expect(await here.accounts.logIn(email, PASSWORD)).toMatchObject({ profile });
    const [kept] = await owner.query(
      `select accepted_by, token_hash = sha256(convert_to($2, 'UTF8')) as hashed from invitations where id = $1`,
      [row.id, token],
    );
    expect(kept).toEqual({ accepted_by: profile.accountId, hashed: true });
  });

  it('needs the password of an existing account, which then belongs to both workspaces', async () => {
    const guest = await signUp();
    const { tenantId, accountIds } = await workspaceOf(owner, 'owner');
    const { token } = await invite(tenantId, accountIds[0] ?? '', guest.profile.email);
    await expect(here.invitations.accept(token, 'another password')).rejects.toThrow(WrongCredentials);
    const { profile } = await here.invitations.accept(token, PASSWORD);
    expect(profile.accountId).toBe(guest.profile.accountId);
    const workspaces = await here.accounts.workspaces(profile.accountId);
    expect(workspaces.map(({ id, role }) => [id, role])).toEqual([
      [guest.profile.tenant.id, 'owner'],
      [tenantId, 'viewer'],
    ]);
  });

  it('works once, even for eight concurrent requests', async () => {
    const { tenantId, accountIds } = await workspaceOf(owner, 'owner');
    const { token } = await invite(tenantId, accountIds[0] ?? '', newEmail());
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => here.invitations.accept(token, PASSWORD)));
    expect(outcomes(results)).toEqual([...Array.from({ length: 7 }, () => 'InvitationInvalid'), 'ok']);
    await expect(here.invitations.accept(token, PASSWORD)).rejects.toThrow(InvitationInvalid);
    expect(await rolesIn(tenantId)).toEqual(['owner', 'viewer']);
  });

  it('is invalid once it has expired or was cancelled or replaced', async () => {
    const { tenantId, accountIds } = await workspaceOf(owner, 'owner');
    const [boss = ''] = accountIds;
    const email = newEmail();
    const first = await invite(tenantId, boss, email);
    const second = await invite(tenantId, boss, email);
    await expect(here.invitations.accept(first.token, PASSWORD)).rejects.toThrow(InvitationInvalid);
    await db.inTenant(tenantId, (tx) => here.invitations.revoke(tx, second.row.id));
    await expect(here.invitations.accept(second.token, PASSWORD)).rejects.toThrow(InvitationInvalid);
    const third = await invite(tenantId, boss, email);
    later(INVITATION_LIFETIME);
    await expect(here.invitations.accept(third.token, PASSWORD)).rejects.toThrow(InvitationInvalid);
    await expect(here.invitations.accept('nonsense', PASSWORD)).rejects.toThrow(InvitationInvalid);
  });

  it('is created only by members who may grant the role, and is invalid once they may not', async () => {
    const { tenantId, accountIds } = await workspaceOf(owner, 'owner', 'admin');
    const [boss = '', admin = ''] = accountIds;
    await expect(invite(tenantId, admin, newEmail(), 'admin')).rejects.toThrow(RoleNotYours);
    const { token } = await invite(tenantId, admin, newEmail(), 'support');
    await here.members.changeRole(tenantId, boss, admin, 'viewer');
    await expect(here.invitations.accept(token, PASSWORD)).rejects.toThrow(InvitationInvalid);
    await expect(invite(tenantId, admin, newEmail())).rejects.toThrow(RoleNotYours);
  });

  it("changes no existing member's role, and cannot be cancelled by another workspace", async () => {
    const boss = await signUp();
    const { tenant, accountId, email } = boss.profile;
    const { token, row } = await invite(tenant.id, accountId, email);
    await expect(here.invitations.accept(token, PASSWORD)).rejects.toThrow(AlreadyMember);
    expect(await rolesIn(tenant.id)).toEqual(['owner']);
    const { tenantId: stranger } = await workspaceOf(owner, 'owner');
    await expect(db.inTenant(stranger, (tx) => here.invitations.revoke(tx, row.id))).rejects.toThrow(NotFound);
  });
});

describe('a new password', () => {
  it('ends every other session of the account at once, but not this one', async () => {
    const email = newEmail();
    const [here1, other] = [await signUp(email), await here.accounts.logIn(email, PASSWORD)];
    const { accountId, tenant } = here1.profile;
    const roleOf = (sessionId: string) => here.sessions.roleOf({ sessionId, accountId, tenantId: tenant.id });
    expect([await roleOf(here1.sessionId), await roleOf(other.sessionId)]).toEqual(['owner', 'owner']);

    const next = 'another horse battery';
    await expect(here.accounts.changePassword(accountId, here1.sessionId, { current: 'wrong', next })).rejects.toThrow(
      WrongPassword,
    );
    await here.accounts.changePassword(accountId, here1.sessionId, { current: PASSWORD, next });
    expect([await roleOf(here1.sessionId), await roleOf(other.sessionId)]).toEqual(['owner', undefined]);
    await expect(here.tokens.refresh(other.refreshToken)).rejects.toThrow(RefreshRefused);
    await expect(here.tokens.refresh(here1.refreshToken)).resolves.toBeDefined();
    await expect(here.accounts.logIn(email, PASSWORD)).rejects.toThrow(WrongCredentials);
    await expect(here.accounts.logIn(email, next)).resolves.toBeDefined();
  });

  it('is set once by two concurrent requests with the same old one', async () => {
    const { profile, sessionId } = await signUp();
    const change = (next: string) =>
      here.accounts.changePassword(profile.accountId, sessionId, { current: PASSWORD, next });
    const results = await Promise.allSettled([change('the first of two'), change('the second of two')]);
    expect(outcomes(results)).toEqual(['WrongPassword', 'ok']);
  });

  it('delays a login with the old one during the change, and then refuses it', async () => {
    const email = newEmail();
    const { profile } = await signUp(email);
    const change = ['update accounts set password_hash = $2 where id = $1', [profile.accountId, 'another']] as const;
    const login = await whileHeld(
      owner,
      change,
      async (release) => {
        const asked = Promise.allSettled([here.accounts.logIn(email, PASSWORD)]);
        await waiting(owner, '%from accounts%for share%');
        await release();
        return asked;
      },
      'commit',
    );
    expect(outcomes(login)).toEqual(['WrongCredentials']);
  });

  it('leaves no session to concurrent logins with the old one', async () => {
    const email = newEmail();
    const { profile, sessionId } = await signUp(email);
    await Promise.allSettled([
      ...Array.from({ length: 6 }, () => here.accounts.logIn(email, PASSWORD)),
      here.accounts.changePassword(profile.accountId, sessionId, { current: PASSWORD, next: 'another horse battery' }),
      ...Array.from({ length: 6 }, () => here.accounts.logIn(email, PASSWORD)),
    ]);
    const left = await owner.query('select id from sessions where account_id = $1 and revoked_at is null', [
      profile.accountId,
    ]);
    expect(left).toEqual([{ id: sessionId }]);
  });
});

describe('an invitation', () => {
  const mailsOf = (tenantId: string) =>
    owner.query<{ id: string }[]>(`select id from mails where tenant_id = $1 and kind = 'invitation'`, [tenantId]);

  it('is emailed with its token, up to twenty times a day per workspace', async () => {
    const { tenantId, accountIds } = await workspaceOf(owner, 'owner');
    const made = [];
    for (let n = 0; n < 22; n += 1) made.push(await invite(tenantId, accountIds[0] ?? '', 'mira@example.com'));
    expect(made.map(({ mailed }) => mailed)).toEqual([...Array<boolean>(20).fill(true), false, false]);
    const mails = await mailsOf(tenantId);
    expect(mails).toHaveLength(20);
    const secrets = await db.inTenant(tenantId, (tx) =>
      Promise.all(mails.map(async ({ id }) => (await here.mails.waiting(tx, id))?.secret)),
    );
    expect(new Set(secrets)).toEqual(new Set(made.slice(0, 20).map(({ token }) => token)));
  });

  it('is shown only with its token, and its new account has to confirm the address', async () => {
    const boss = await signUp();
    const email = newEmail();
    const { token } = await invite(boss.profile.tenant.id, boss.profile.accountId, email, 'support');
    const facts = { workspace: 'Own', email, role: 'support', invitedBy: boss.profile.email };
    expect(await here.invitations.facts(token)).toMatchObject(facts);
    await expect(here.invitations.facts('another')).rejects.toThrow(InvitationInvalid);
    const { profile } = await here.invitations.accept(token, PASSWORD);
    expect(profile.emailConfirmedAt).toBeNull();
    await expect(here.invitations.facts(token)).rejects.toThrow(InvitationInvalid);
  });
});

describe('an account of several workspaces', () => {
  it('continues in the other one with the same session, and starts there next time', async () => {
    const guest = await signUp();
    const { accountId, email } = guest.profile;
    const { tenantId, accountIds } = await workspaceOf(owner, 'owner');
    const { token } = await invite(tenantId, accountIds[0] ?? '', email);
    await here.invitations.accept(token, PASSWORD);
    later(1);
    const back = await here.accounts.switchTo(accountId, guest.sessionId, tenantId);
    expect(back).toMatchObject({ role: 'viewer', tenant: { id: tenantId } });
    expect((await here.tokens.refresh(guest.refreshToken)).profile.tenant.id).toBe(tenantId);
    const next = await here.accounts.logIn(email, PASSWORD);
    expect(next.profile.tenant.id).toBe(tenantId);
  });

  it('cannot switch to one of which it is not a member', async () => {
    const { profile, sessionId } = await signUp();
    const { tenantId } = await workspaceOf(owner, 'owner');
    await expect(here.accounts.switchTo(profile.accountId, sessionId, tenantId)).rejects.toThrow(NotFound);
  });
});
