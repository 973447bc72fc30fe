import { type TroubleKind, TroubleReader } from '#libs/operations';
import { ALL_ROOMS } from '#libs/rooms';
import {
  ReconciliationRow,
  ReconciliationService,
  StarTransactionReader,
  StarTransactionRow,
  StarTransactionStore,
} from '#libs/sales';
import { type StarShop, StarWorks } from './stars.js';

export const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;
export const ago = (ms: number) => new Date(Date.now() - ms);

/** Sets up reconciliations on a real database against the simulator, for the calling suite. */
export function reconciling() {
  let works: StarWorks;
  let service: ReconciliationService;
  let reader: StarTransactionReader;
  beforeAll(async () => {
    works = await StarWorks.open();
    service = works.app.get(ReconciliationService);
    reader = works.app.get(StarTransactionReader);
  });
  afterAll(() => works.close());
  beforeEach(() => works.quiet());

  const ownerOf = (shop: StarShop) => ({ tenantId: shop.tenantId, botId: shop.botId, token: shop.token });
  const request = (shop: StarShop) => shop.in((tx) => service.request(tx, shop.botId, new Date()));
  const newest = async (shop: StarShop): Promise<ReconciliationRow> => {
    const [row] = await shop.in((tx) => service.list(tx, { botId: shop.botId, limit: 1 }));
    if (row === undefined) throw new Error('nothing was compared');
    return row;
  };
  const mirror = (shop: StarShop) =>
    shop.in((tx) =>
      tx.manager.find(StarTransactionRow, { where: { tenantId: shop.tenantId }, order: { position: 'ASC' } }),
    );
  const cursor = (shop: StarShop) => shop.in((tx) => works.app.get(StarTransactionStore).cursor(tx, shop.botId));
  const jobsOf = (shop: StarShop) =>
    works.owner.query<Array<{ waits: number; state: string; attempts: number }>>(
      `select state, attempts, round(extract(epoch from due_at - now()))::int as waits from jobs
       where tenant_id = $1 and kind = 'bot.reconcile'`,
      [shop.tenantId],
    );
  const linesOf = (row: ReconciliationRow) =>
    Object.fromEntries((row.explanation?.lines ?? []).map(({ cause, stars }) => [cause, stars]));

  const countEvents = (shop: StarShop, type: string) => works.count(shop, `events where type = '${type}'`);
  /** Returns stuck work of one kind in this workspace, as staff see it. */
  const troubles = (shop: StarShop, kind: TroubleKind, now = new Date()) =>
    works.db.inPlatform('a test', (tx) =>
      new TroubleReader(ALL_ROOMS).list(tx, kind, { tenantId: shop.tenantId, limit: 5 }, now),
    );

  /** Requests a reconciliation and works until nothing is due. @returns the result */
  async function reconcile(shop: StarShop): Promise<ReconciliationRow> {
    await request(shop);
    while ((await works.work('books')) > 0);
    return newest(shop);
  }

  /** Adds unreported payments to Telegram's list, one second apart. */
  function fill(shop: StarShop, rows: number, from = 0): void {
    for (let i = from; i < from + rows; i += 1) {
      works.list(shop, `stx${i}`, new Date(1_700_000_000_000 + i * 1_000), `payload ${i}`, { amount: 1 });
    }
  }

  return {
    get works() {
      return works;
    },
    get service() {
      return service;
    },
    get reader() {
      return reader;
    },
    ownerOf,
    request,
    newest,
    mirror,
    cursor,
    jobsOf,
    linesOf,
    countEvents,
    troubles,
    reconcile,
    fill,
  };
}
