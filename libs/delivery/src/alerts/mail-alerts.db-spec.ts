import type { DataSource } from 'typeorm';
import type { Database } from '#libs/database';
import { EventStore, JobStore } from '#libs/journal';
import { HOUR, newUuid, systemClock } from '#libs/kernel';
import { openAsOwner, openTestDatabase } from '../../../../test/support/database.js';
import { peopleServices, workspaceOf } from '../../../../test/support/people.js';
import { MailAlerts } from './mail-alerts.service.js';

let db: Database;
let source: DataSource;
let owner: DataSource;
let alerts: MailAlerts;
beforeAll(async () => {
  ({ db, source } = await openTestDatabase());
  owner = await openAsOwner();
  const { mails } = peopleServices(db, systemClock);
  alerts = new MailAlerts(db, new EventStore(), new JobStore(), mails);
});
afterAll(() => Promise.all([source.destroy(), owner.destroy()]));

async function shop() {
  const { tenantId, accountIds } = await workspaceOf(owner, 'owner', 'admin', 'viewer');
  const [first, second, viewer] = accountIds.map(String) as [string, string, string];
  await owner.query('update accounts set email_confirmed_at = now() where id = any($1)', [[first, viewer]]);
  const eventIn = (type: 'quota.warning' | 'order.delivery_failed') =>
    db.inTenant(tenantId, (tx) => new EventStore().record(tx, { type, data: { id: newUuid(), name: 'bots' } }));
  const tell = async (eventId: string, now: Date) => {
    const wanted = await alerts.wantedAbout(tenantId, eventId);
    if (wanted !== undefined) await db.inTenant(tenantId, (tx) => alerts.tell(tx, wanted, now));
  };
  const sent = async () => {
    const sql = `select account_id, facts from mails where tenant_id = $1 and kind = 'alert' order by created_at, id`;
    return owner.query<Array<{ account_id: string; facts: { event: string; held: number; alert: string } }>>(sql, [
      tenantId,
    ]);
  };
  return { tenantId, first, second, viewer, eventIn, tell, sent };
}

const NOW = new Date();
const later = (ms: number) => new Date(NOW.getTime() + ms);

it('an email goes only to members with a confirmed address, according to their settings', async () => {
  const { tenantId, first, second, viewer, eventIn, tell, sent } = await shop();
  const event = await eventIn('quota.warning');
  await tell(event, NOW);
  expect((await sent()).map((it) => it.account_id)).toEqual([first]);
  expect(await alerts.get(tenantId, { accountId: second, role: 'admin' })).toMatchObject({
    state: 'address_unconfirmed',
    warnings: true,
  });

  const none = { sales: false, failures: false, support: false, warnings: false };
  await alerts.set(tenantId, { accountId: first, role: 'owner' }, none);
  await alerts.set(tenantId, { accountId: viewer, role: 'viewer' }, { ...none, warnings: true });
  await tell(await eventIn('quota.warning'), later(HOUR));
  expect((await sent()).map((it) => it.account_id)).toEqual([first, viewer]);
});

it('an email is sent once an hour per kind, with the number of alerts held back', async () => {
  const { tenantId, eventIn, tell, sent } = await shop();
  const events = await Promise.all(Array.from({ length: 4 }, () => eventIn('quota.warning')));
  for (const event of events) await tell(event, NOW);
  expect(await sent()).toMatchObject([{ facts: { event: events[0], held: 0, alert: 'warnings' } }]);
  const [job] = await owner.query<Array<{ subject: string; due_at: Date }>>(
    `select subject, due_at from jobs where tenant_id = $1 and kind = 'alert.mail'`,
    [tenantId],
  );
  expect(job).toEqual({ subject: events[1], due_at: later(HOUR) });

  await tell(String(events[1]), later(HOUR - 1));
  expect(await sent()).toHaveLength(1);
  await tell(String(events[1]), later(HOUR));
  expect((await sent())[1]).toMatchObject({ facts: { event: events[1], held: 2 } });

  await tell(await eventIn('order.delivery_failed'), later(HOUR));
  expect((await sent())[2]).toMatchObject({ facts: { alert: 'failures', held: 0 } });
});

it('one email is sent when many events are reported concurrently', async () => {
  const { eventIn, tell, sent } = await shop();
  const events = await Promise.all(Array.from({ length: 5 }, () => eventIn('quota.warning')));
  await Promise.all(events.map((event) => tell(event, NOW)));
  expect(await sent()).toHaveLength(1);
});

it('an event of another workspace causes no email', async () => {
  const [mine, other] = [await shop(), await shop()];
  await mine.tell(await other.eventIn('quota.warning'), NOW);
  expect(await mine.sent()).toEqual([]);
});
