// Passes the rows of many sales through the queues by the statements of the product, and prints the size of both tables as it goes: five
// thousand sales' updates are kept, older ones are deleted, as after eight days. The pace is what two cores sell: autovacuum looks once a
// minute, so a faster pace would show more dead rows than any shop has. Fails when the tables of the second half are larger than 1.5 times
// those of the first. Run after `npm run build`: node bench/bloat.mjs [sales] [sales per second]
import { setTimeout as pause } from 'node:timers/promises';
import { inScratch, newShop, openShop } from './scratch.mjs';
import { InboxKeeper, InboxQueue, InboxStore, JobStore } from '../dist/libs/journal/src/index.js';
import { newUuid } from '../dist/libs/kernel/src/index.js';

const SALES = Number(process.argv[2] ?? 100_000);
const PER_SECOND = Number(process.argv[3] ?? 140);
/** Sales whose rows pass together. */
const BATCH = 500;
const KEPT_BATCHES = 10;
const AT_MOST = 1.5;
const UPDATES = 3;
const JOBS = 1;
const AT_ONCE = 100;

const shop = newShop();
const { tenantId, botId } = shop;
const [store, queue, keeper, jobs] = [new InboxStore(), new InboxQueue(), new InboxKeeper(), new JobStore()];
const body = JSON.stringify({ message: { text: 'x'.repeat(600) } });
let updateId = 0;

async function receive(db) {
  const updates = Array.from({ length: BATCH * UPDATES }, (_, i) => ({
    tenantId,
    botId,
    updateId: (updateId += 1),
    lane: 1 + (i % BATCH),
    kind: 'message',
    body,
  }));
  await db.inPlatform('bench', (tx) => store.store(tx, updates));
  for (;;) {
    const limits = { any: AT_ONCE, money: AT_ONCE, perBot: AT_ONCE };
    const claim = await db.inPlatform('bench', (tx) => queue.claim(tx, limits), 'soon');
    if (claim.updates.length > 0) await db.inPlatform('bench', (tx) => queue.doneAll(tx, claim.updates), 'soon');
    else if (!claim.more) return;
  }
}

async function work(db) {
  const due = Array.from({ length: BATCH * JOBS }, () => ({ tenantId, kind: 'order.deliver', subject: newUuid() }));
  await db.inPlatform('bench', (tx) => jobs.enqueueAll(tx, due));
  for (let left = due.length; left > 0; ) {
    const claim = await db.inPlatform('bench', (tx) => jobs.claim(tx, 'delivery', AT_ONCE), 'soon');
    await db.inTenant(tenantId, (tx) => Promise.all(claim.jobs.map((job) => jobs.complete(tx, job))));
    left -= claim.jobs.length;
  }
}

const sizes = async (db) => {
  const [row] = await db.inPlatform('bench', (tx) =>
    tx.query(
      `select pg_total_relation_size('inbox')::int8 as inbox, pg_total_relation_size('jobs')::int8 as jobs,
         (select sum(autovacuum_count)::int from pg_stat_all_tables where relname in ('inbox', 'jobs')) as vacuums`,
    ),
  );
  return row;
};

async function measure(db) {
  const ends = [];
  const looks = [];
  for (let sold = BATCH; sold <= SALES; sold += BATCH) {
    const turn = pause((BATCH / PER_SECOND) * 1_000);
    await receive(db);
    await work(db);
    ends.push(new Date());
    const before = ends.at(-KEPT_BATCHES);
    if (before !== undefined)
      while ((await db.inPlatform('bench', (tx) => keeper.forgetHandled(tx, before, 1_000))) === 1_000);
    await turn;
    if (sold % (SALES / 10) !== 0) continue;
    const look = { sales: sold, ...(await sizes(db)) };
    looks.push(look);
    console.log(JSON.stringify(look));
  }
  return looks;
}

const looks = await inScratch({ fill: (client) => openShop(client, shop), measure, statementTimeoutMs: 60_000 });
const most = (part, table) => Math.max(...part.map((look) => look[table]));
const grown = ['inbox', 'jobs'].filter(
  (table) => most(looks.slice(5), table) > AT_MOST * most(looks.slice(2, 5), table),
);
console.log(grown.length === 0 ? 'The tables stay as large as they were.' : `Grew: ${grown.join(', ')}.`);
process.exit(grown.length === 0 ? 0 : 1);
