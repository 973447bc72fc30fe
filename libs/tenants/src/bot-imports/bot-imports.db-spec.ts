import type { DataSource } from 'typeorm';
import type { Database, TenantTx } from '#libs/database';
import { JobStore } from '#libs/journal';
import { SECOND } from '#libs/kernel';
import { MasterKeys, SecretBox } from '#libs/vault';
import { openAsOwner, openTestDatabase, testMasterKey } from '../../../../test/support/database.js';
import { workspaceOf } from '../../../../test/support/people.js';
import { BotImports } from './bot-imports.service.js';

let db: Database;
let source: DataSource;
let owner: DataSource;
let imports: BotImports;
let now: Date;
const why = { code: 'token_refused', message: 'Telegram refuses it.', remedy: 'Ask BotFather.' } as const;

beforeAll(async () => {
  ({ db, source } = await openTestDatabase());
  owner = await openAsOwner();
  const box = new SecretBox(new MasterKeys(Buffer.from(testMasterKey, 'base64')));
  imports = new BotImports(db, new JobStore(), box, { simulatorUrl: undefined }, { now: () => now });
});
afterAll(() => Promise.all([source.destroy(), owner.destroy()]));
beforeEach(() => {
  now = new Date('2026-12-01T09:00:00Z');
});

/** An import of three tokens. */
async function newImport() {
  const { tenantId, accountIds } = await workspaceOf(owner, 'owner');
  const inTenant = <T>(work: (tx: TenantTx) => Promise<T>) => db.inTenant(tenantId, work);
  const tokens = [1, 2, 3].map((line) => ({ line, token: `${line}:secret`, refusal: undefined }));
  const wanted = { accountId: String(accountIds[0]), environment: 'production', takeOver: false, tokens } as const;
  const { id } = await inTenant((tx) => imports.create(tx, wanted));
  return {
    begin: async () => {
      const next = await inTenant((tx) => imports.begin(tx, id));
      if (next === undefined) throw new Error('No line is left.');
      return next;
    },
    isOver: async () => (await inTenant((tx) => imports.begin(tx, id))) === undefined,
    cancel: () => inTenant((tx) => imports.cancel(tx, id)),
    fail: (next: Parameters<BotImports['fail']>[1], rest = false) =>
      inTenant((tx) => imports.fail(tx, next, why, rest)),
    shown: () => inTenant((tx) => imports.get(tx, id)),
    states: async () => (await inTenant((tx) => imports.lines(tx, id, { limit: 10 }))).map(({ state }) => state),
  };
}
const later = () => {
  now = new Date(now.getTime() + SECOND);
};

describe('an import of bots', () => {
  it('begins its lines in order, and counts their attempts', async () => {
    const it = await newImport();
    expect(await it.begin()).toMatchObject({ token: '1:secret', attempts: 1 });
    const again = await it.begin();
    expect(again).toMatchObject({ token: '1:secret', attempts: 2 });
    await it.fail(again);
    expect(await it.begin()).toMatchObject({ token: '2:secret', attempts: 1 });
    expect(await it.states()).toEqual(['failed', 'waiting', 'waiting']);
  });

  it('is done once, when no line is left', async () => {
    const it = await newImport();
    await it.fail(await it.begin(), true);
    expect(await it.states()).toEqual(['failed', 'failed', 'failed']);
    const done = now;
    for (let n = 0; n < 2; n += 1) {
      expect(await it.isOver()).toBe(true);
      expect(await it.shown()).toMatchObject({ state: 'done', finishedAt: done });
      later();
    }
    expect(await it.cancel()).toMatchObject({ state: 'done', finishedAt: done, failed: 3, canceled: 0 });
  });

  it('stays canceled when the worker looks for its next line', async () => {
    const it = await newImport();
    const begun = await it.begin();
    await it.fail(begun);
    const canceled = await it.cancel();
    expect(canceled).toMatchObject({ state: 'canceled', finishedAt: now, failed: 1, canceled: 2 });
    later();
    expect(await it.isOver()).toBe(true);
    await it.fail(begun, true);
    expect(await it.cancel()).toEqual(canceled);
    expect(await it.states()).toEqual(['failed', 'canceled', 'canceled']);
  });
});
