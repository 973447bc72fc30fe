import { createHash } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { Database } from '#libs/database';
import { DAY, newUuid } from '#libs/kernel';
import { Rounds, Stopping } from '#libs/process';
import { openAsOwner, openTestDatabase } from '../../../../test/support/database.js';
import { openShop } from '../../../../test/support/shop.js';
import { RetentionSweeper } from './retention.sweeper.js';

let db: Database;
let source: DataSource;
let owner: DataSource;

beforeAll(async () => {
  ({ db, source } = await openTestDatabase());
  owner = await openAsOwner();
});
afterAll(() => Promise.all([source.destroy(), owner.destroy()]));

const now = new Date();
const ago = (days: number) => new Date(now.getTime() - days * DAY);
const forget = () => new RetentionSweeper(db, new Rounds(new Stopping()), { now: () => now }).forget();
const hashOf = (text: string) => createHash('sha256').update(text).digest();

/** Creates a session with a token for each case. @returns a lookup of the remaining ones */
async function sessions(staff: boolean, cases: Record<string, { issued: Date; used?: Date; ended: Date }>) {
  const [people, sessionsOf, tokens, who] = staff
    ? ['staff_accounts', 'staff_sessions', 'staff_refresh_tokens', 'staff_id']
    : ['accounts', 'sessions', 'refresh_tokens', 'account_id'];
  const { tenantId } = await openShop(db);
  const person = newUuid();
  const email = `${person}@starwall.example`;
  await owner.query(
    staff
      ? `insert into ${people} (id, email, password_hash, role) values ($1, $2, 'x', 'viewer')`
      : `insert into ${people} (id, email, password_hash) values ($1, $2, 'x')`,
    [person, email],
  );
  for (const [name, { issued, used, ended }] of Object.entries(cases)) {
    const session = newUuid();
    await owner.query(
      staff
        ? `insert into ${sessionsOf} (id, ${who}, created_at, idle_until, expires_at) values ($1, $2, $3, $4, $4)`
        : `insert into ${sessionsOf} (id, ${who}, owner_tenant, created_at, expires_at) values ($1, $2, '${tenantId}', $3, $4)`,
      [session, person, issued, ended],
    );
    await owner.query(`insert into ${tokens} (hash, session_id, issued_at, used_at) values ($1, $2, $3, $4)`, [
      hashOf(`${person}${name}`),
      session,
      issued,
      used ?? null,
    ]);
  }
  return async () => {
    const there: string[] = [];
    for (const name of Object.keys(cases)) {
      const rows = await owner.query(`select from ${tokens} where hash = $1`, [hashOf(`${person}${name}`)]);
      if (rows.length > 0) there.push(name);
    }
    const left = await owner.query(`select from ${sessionsOf} where ${who} = $1`, [person]);
    return { tokens: there, sessions: left.length };
  };
}

const CASES = {
  'ended 31 days ago': { issued: ago(40), ended: ago(31) },
  'ended 29 days ago': { issued: ago(40), ended: ago(29) },
  'is open': { issued: ago(40), ended: ago(-1) },
};

it('refresh tokens and sessions are deleted thirty days after their end, and used tokens thirty days after their use', async () => {
  const left = await sessions(false, {
    ...CASES,
    'was used 31 days ago': { issued: ago(40), used: ago(31), ended: ago(-1) },
    'was used 29 days ago': { issued: ago(40), used: ago(29), ended: ago(-1) },
  });
  await Promise.all([forget(), forget()]);
  await forget();
  expect(await left()).toEqual({
    tokens: ['ended 29 days ago', 'is open', 'was used 29 days ago'],
    sessions: 4,
  });
});

it('refresh tokens of staff are deleted thirty days after the end of their session, which is kept', async () => {
  const left = await sessions(true, CASES);
  await forget();
  expect(await left()).toEqual({ tokens: ['ended 29 days ago', 'is open'], sessions: 3 });
});

it('views of products are deleted after 400 days', async () => {
  const shop = await openShop(db);
  await owner.query(
    `insert into product_views (tenant_id, product_id, day, buyer_id, source)
     select tenant_id, id, d, 1, '' from products, unnest($2::date[]) d where tenant_id = $1`,
    [shop.tenantId, [ago(402), ago(399)]],
  );
  await forget();
  const rows = await owner.query('select from product_views where tenant_id = $1', [shop.tenantId]);
  expect(rows).toHaveLength(1);
});

it('emails are deleted after thirty days', async () => {
  const { tenantId } = await openShop(db);
  const account = newUuid();
  await owner.query(`insert into accounts (id, email, password_hash) values ($1, $2, 'x')`, [
    account,
    `${account}@starwall.example`,
  ]);
  await owner.query(
    `insert into mails (tenant_id, id, account_id, kind, created_at)
     select $1, gen_random_uuid(), $2, 'new_device', t from unnest($3::timestamptz[]) t`,
    [tenantId, account, [ago(31), ago(29)]],
  );
  await Promise.all([forget(), forget()]);
  const rows = await owner.query('select from mails where tenant_id = $1', [tenantId]);
  expect(rows).toHaveLength(1);
});
