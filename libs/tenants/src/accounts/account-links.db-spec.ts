import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { Database } from '#libs/database';
import { NOWHERE } from '#libs/journal';
import { DAY, MINUTE } from '#libs/kernel';
import { openAsOwner, openTestDatabase } from '../../../../test/support/database.js';
import { peopleServices } from '../../../../test/support/people.js';
import { EmailTaken, RefreshRefused, WrongCredentials, WrongPassword } from './account.js';
import { LINK_LIFETIME, LinkInvalid, type LinkPurpose, TooManyMails } from './account-link.js';

const PASSWORD = 'correct horse battery';
const NEXT = 'another horse battery';

let db: Database;
let source: DataSource;
let owner: DataSource;
let people: ReturnType<typeof peopleServices>;
let now: Date;

const later = (ms: number) => {
  now = new Date(now.getTime() + ms);
};
const newEmail = () => `${randomUUID()}@example.com`;

async function signUp(email = newEmail()) {
  const session = await people.accounts.signUp({ email, password: PASSWORD, workspace: 'A shop' });
  return { ...session, email, accountId: session.profile.accountId };
}

/** Returns the tokens of the emails with a link of this purpose, oldest first. */
async function tokens(accountId: string, purpose: LinkPurpose): Promise<string[]> {
  const mails = await owner.query<{ tenant: string; id: string }[]>(
    `select m.tenant_id as tenant, m.id from mails m join account_links l on l.id = m.link_id
     where l.account_id = $1 and l.purpose = $2 order by l.created_at, l.id`,
    [accountId, purpose],
  );
  const found: string[] = [];
  for (const { tenant, id } of mails) {
    const mail = await db.inTenant(tenant, (tx) => people.mails.waiting(tx, id));
    found.push(mail?.secret ?? '');
  }
  return found;
}

async function newest(accountId: string, purpose: LinkPurpose): Promise<string> {
  const token = (await tokens(accountId, purpose)).at(-1);
  if (token === undefined) throw new Error('no email with such a link');
  return token;
}

async function askToReset(email: string, accountId: string): Promise<string> {
  await people.resets.request(email, NOWHERE);
  return newest(accountId, 'reset_password');
}

const mailsTo = (accountId: string, kind: string) =>
  owner.query<unknown[]>('select 1 from mails where account_id = $1 and kind = $2', [accountId, kind]);

beforeAll(async () => {
  ({ db, source } = await openTestDatabase());
  owner = await openAsOwner();
});
beforeEach(() => {
  now = new Date('2026-12-01T09:00:00Z');
  people = peopleServices(db, { now: () => now });
});
afterAll(() => Promise.all([source.destroy(), owner.destroy()]));

describe('a forgotten password', () => {
  it('is replaced through the link in an email, which ends every session and notifies the owner', async () => {
    const { email, accountId, refreshToken } = await signUp();
    const other = await people.accounts.logIn(email, PASSWORD);
    const token = await askToReset(email.toUpperCase(), accountId);
    await people.resets.reset(token, NEXT);
    for (const session of [refreshToken, other.refreshToken])
      await expect(people.tokens.refresh(session)).rejects.toThrow(RefreshRefused);
    await expect(people.accounts.logIn(email, PASSWORD)).rejects.toThrow(WrongCredentials);
    const { profile } = await people.accounts.logIn(email, NEXT);
    expect(profile.emailConfirmedAt).toEqual(now);
    expect(await mailsTo(accountId, 'password_changed')).toHaveLength(1);
  });

  it('attack 31: is replaced once per link, even by concurrent requests', async () => {
    const { email, accountId } = await signUp();
    const token = await askToReset(email, accountId);
    const results = await Promise.allSettled([1, 2, 3].map((n) => people.resets.reset(token, `${NEXT} ${n}`)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(people.resets.reset(token, NEXT)).rejects.toThrow(LinkInvalid);
  });

  it('can be replaced within 30 minutes', async () => {
    const { email, accountId } = await signUp();
    const token = await askToReset(email, accountId);
    later(LINK_LIFETIME.reset_password);
    await expect(people.resets.reset(token, NEXT)).rejects.toThrow(LinkInvalid);
    later(-1);
    await people.resets.reset(token, NEXT);
  });

  it('invalidates its other links once one of them was used or the password was changed', async () => {
    const { email, accountId, sessionId } = await signUp();
    const first = await askToReset(email, accountId);
    const second = await askToReset(email, accountId);
    expect(first).not.toBe(second);
    await people.resets.reset(first, NEXT);
    await expect(people.resets.reset(second, PASSWORD)).rejects.toThrow(LinkInvalid);
    const third = await askToReset(email, accountId);
    await people.accounts.changePassword(accountId, sessionId, { current: NEXT, next: PASSWORD });
    await expect(people.resets.reset(third, NEXT)).rejects.toThrow(LinkInvalid);
    expect(await mailsTo(accountId, 'password_changed')).toHaveLength(2);
  });

  it('gets three links in a quarter of an hour, even when they are requested concurrently', async () => {
    const { email, accountId } = await signUp();
    await Promise.all([1, 2, 3, 4, 5].map(() => people.resets.request(email, NOWHERE)));
    expect(await tokens(accountId, 'reset_password')).toHaveLength(3);
    later(15 * MINUTE);
    await people.resets.request(email, NOWHERE);
    expect(await tokens(accountId, 'reset_password')).toHaveLength(4);
  });

  it('leaves nothing behind for an address without an account', async () => {
    const count = () => owner.query('select count(*) from account_links');
    const before = await count();
    await people.resets.request(newEmail(), NOWHERE);
    expect(await count()).toEqual(before);
  });

  it('can be reset by staff only for members of a workspace', async () => {
    const [mira, kai] = [await signUp(), await signUp()];
    await expect(people.resets.requestForMember(mira.profile.tenant.id, kai.accountId)).rejects.toThrow('member');
    await people.resets.requestForMember(kai.profile.tenant.id, kai.accountId);
    await people.resets.reset(await newest(kai.accountId, 'reset_password'), NEXT);
  });
});

it('attack 31: the token of a link is stored only as a hash, and sealed until the email is sent', async () => {
  const { email, accountId } = await signUp();
  const token = await askToReset(email, accountId);
  const everything = await owner.query(
    `select l::text as link, m::text as mail, j::text as job from account_links l join mails m on m.link_id = l.id
     join jobs j on j.subject = m.id where l.account_id = $1`,
    [accountId],
  );
  const text = JSON.stringify(everything);
  expect(text).toContain(accountId);
  expect(text).not.toContain(token);
  expect(text).not.toContain(Buffer.from(token).toString('hex'));
});

describe('an address', () => {
  it('is confirmed by the link of the sign-up, repeatedly, for three days', async () => {
    const { email, accountId, profile } = await signUp();
    expect(profile.emailConfirmedAt).toBeNull();
    const token = await newest(accountId, 'confirm_address');
    later(LINK_LIFETIME.confirm_address - 1);
    expect(await people.addresses.confirm(token)).toBe(email);
    expect(await people.addresses.confirm(token)).toBe(email);
    const confirmed = (await people.accounts.profile(accountId, profile.tenant.id)).emailConfirmedAt;
    expect(confirmed).toEqual(now);
    later(1);
    await expect(people.addresses.confirm(token)).rejects.toThrow(LinkInvalid);
  });

  it('gets a limited number of confirmation emails, and none once it is confirmed', async () => {
    const { accountId } = await signUp();
    await people.addresses.askToConfirm(accountId);
    await people.addresses.askToConfirm(accountId);
    await expect(people.addresses.askToConfirm(accountId)).rejects.toThrow(TooManyMails);
    await people.addresses.confirm(await newest(accountId, 'confirm_address'));
    later(DAY);
    await people.addresses.askToConfirm(accountId);
    expect(await tokens(accountId, 'confirm_address')).toHaveLength(3);
  });

  const change = async (person: { accountId: string }, email: string, password = PASSWORD) => {
    await people.addresses.beginChange(person.accountId, { email, password });
    return {
      confirm: await newest(person.accountId, 'change_address'),
      keep: await newest(person.accountId, 'restore_address'),
    };
  };

  it('changes when the new one is confirmed, which then signs in', async () => {
    const [mira, email] = [await signUp(), newEmail()];
    await expect(change(mira, email, 'not the password')).rejects.toThrow(WrongPassword);
    const { confirm } = await change(mira, email);
    await people.accounts.logIn(mira.email, PASSWORD);
    expect(await people.addresses.confirm(confirm)).toBe(email);
    await expect(people.addresses.confirm(confirm)).rejects.toThrow(LinkInvalid);
    await people.accounts.logIn(email, PASSWORD);
    await expect(people.accounts.logIn(mira.email, PASSWORD)).rejects.toThrow(WrongCredentials);
  });

  it('cannot become that of another account, which a request does not reveal', async () => {
    const [mira, kai] = [await signUp(), await signUp()];
    const { confirm } = await change(mira, kai.email);
    await expect(people.addresses.confirm(confirm)).rejects.toThrow(EmailTaken);
  });

  it('is restored by the link to the old one, with a new password and without sessions', async () => {
    const [mira, email] = [await signUp(), newEmail()];
    const { confirm, keep } = await change(mira, email);
    await people.addresses.confirm(confirm);
    const thief = await people.accounts.logIn(email, PASSWORD);
    await expect(signUp(mira.email)).rejects.toThrow(EmailTaken);
    await people.addresses.restore(keep, NEXT);
    await expect(people.tokens.refresh(thief.refreshToken)).rejects.toThrow(RefreshRefused);
    await expect(people.accounts.logIn(email, PASSWORD)).rejects.toThrow(WrongCredentials);
    await people.accounts.logIn(mira.email, NEXT);
    await expect(people.addresses.restore(keep, PASSWORD)).rejects.toThrow(LinkInvalid);
  });

  it('stays unchanged if its owner uses the link to keep it before the change is confirmed', async () => {
    const [mira, email] = [await signUp(), newEmail()];
    const { confirm, keep } = await change(mira, email);
    await people.addresses.restore(keep, NEXT);
    await expect(people.addresses.confirm(confirm)).rejects.toThrow(LinkInvalid);
    await people.accounts.logIn(mira.email, NEXT);
  });

  it('attack 31: returns to its first owner, whatever a thief has done since', async () => {
    const mira = await signUp();
    const first = await change(mira, newEmail());
    await people.addresses.confirm(first.confirm);
    later(MINUTE);
    const second = await change(mira, newEmail());
    await people.addresses.confirm(second.confirm);
    await people.addresses.restore(second.keep, 'the password of the thief');
    await people.addresses.restore(first.keep, NEXT);
    await people.accounts.logIn(mira.email, NEXT);
  });

  it('attack 31: stays with its first owner, although a thief has links to restore later ones', async () => {
    const mira = await signUp();
    const first = await change(mira, newEmail());
    await people.addresses.confirm(first.confirm);
    later(MINUTE);
    const second = await change(mira, newEmail());
    await people.addresses.confirm(second.confirm);
    await people.addresses.restore(first.keep, NEXT);
    await expect(people.addresses.restore(second.keep, 'the password of the thief')).rejects.toThrow(LinkInvalid);
    await people.accounts.logIn(mira.email, NEXT);
  });

  it('is free for others a week after its owner changed it', async () => {
    const [mira, email] = [await signUp(), newEmail()];
    const { confirm, keep } = await change(mira, email);
    await people.addresses.confirm(confirm);
    later(LINK_LIFETIME.restore_address - 1);
    await expect(signUp(mira.email)).rejects.toThrow(EmailTaken);
    later(1);
    await expect(people.addresses.restore(keep, NEXT)).rejects.toThrow(LinkInvalid);
    await signUp(mira.email);
  });
});

it('logins from ever new devices cause five notices a day', async () => {
  const { email, accountId } = await signUp();
  const logIn = (n: number) =>
    people.accounts.logIn(email, PASSWORD, { ...NOWHERE, network: `192.0.${n}.0/24`, userAgent: 'curl' });
  for (let n = 0; n < 7; n += 1) await logIn(n);
  expect(await mailsTo(accountId, 'new_device')).toHaveLength(5);
});
