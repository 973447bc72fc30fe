import type { DataSource } from 'typeorm';
import type { Database, TenantTx } from '#libs/database';
import { JobStore } from '#libs/journal';
import { SECOND } from '#libs/kernel';
import { openAsOwner, openTestDatabase, testBox } from '../../../../test/support/database.js';
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
  const clock = { now: () => now };
  imports = new BotImports(db, new JobStore(), testBox(clock), { simulatorUrl: undefined }, clock);
});
afterAll(() => Promise.all([source.destroy(), owner.destroy()]));
beforeEach(() => {
  now = new Date('2026-12-01T09:00:00Z');
});

/** An import of three tokens. */
async function newImport(workspace?: Awaited<ReturnType<typeof workspaceOf>>) {
  const { tenantId, accountIds } = workspace ?? (await workspaceOf(owner, 'owner'));
  const inTenant = <T>(work: (tx: TenantTx) => Promise<T>) => db.inTenant(tenantId, work);
  const tokens = [1, 2, 3].map((line) => ({ line, token: `${line}:secret`, refusal: undefined }));
  const wanted = { accountId: String(accountIds[0]), environment: 'production', takeOver: false, tokens } as const;
  const { id } = await inTenant((tx) => imports.create(tx, wanted));
  const lines = (limit: number) => inTenant((tx) => imports.lines(tx, id, { limit }));
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
    lines,
    states: async () => (await lines(10)).map(({ state }) => state),
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

  it('is listed newest first, in pages that tell whether there are more', async () => {
    const workspace = await workspaceOf(owner, 'owner');
    const ids: string[] = [];
    for (let n = 0; n < 3; n += 1) {
      ids.unshift((await (await newImport(workspace)).shown()).id);
      later();
    }
    const page = (limit: number, cursor: object = {}) =>
      db.inTenant(workspace.tenantId, async (tx) => (await imports.list(tx, limit, cursor)).map(({ id }) => id));
    expect([await page(2), await page(1)]).toEqual([ids, ids.slice(0, 2)]);
    expect(await page(10, { after: ids[0] })).toEqual(ids.slice(1));
    expect(await page(10, { before: ids[2] })).toEqual([ids[1], ids[0]]);
  });

  it('has lines in pages that tell whether there are more', async () => {
    const it = await newImport();
    const page = async (limit: number) => (await it.lines(limit)).map(({ line }) => line);
    expect([await page(1), await page(2)]).toEqual([
      [1, 2],
      [1, 2, 3],
    ]);
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
