import { checkBooks, report } from '../../scripts/books.mjs';
import { compareBot } from '../chaos/verify.mjs';
import { HOUR } from './time.mjs';

/**
 * Rows that must be gone according to the retention of each table, plus a day, because a late deletion happens in the next round. Events
 * and their consequences are deleted with their partition, and the first partition covers two months.
 */
const KEPT = {
  'handled updates': `select 1 from inbox where state = 'done' and handled_at < now() - interval '9 days'`,
  events: `select 1 from events where created_at < now() - interval '153 days'`,
  deliveries: `select 1 from webhook_deliveries where created_at < now() - interval '153 days'`,
  attempts: `select 1 from webhook_attempts where created_at < now() - interval '153 days'`,
  'refresh tokens': `select 1 from refresh_tokens r join sessions s on s.id = r.session_id
    where r.issued_at < now() - interval '31 days' and least(r.used_at, s.revoked_at, s.expires_at) < now() - interval '31 days'`,
  sessions: `select 1 from sessions
    where created_at < now() - interval '31 days' and least(revoked_at, expires_at) < now() - interval '31 days'`,
  'views of products': `select 1 from product_views where day < now() - interval '401 days'`,
  'answers to requests': `select 1 from idempotency_keys where created_at < now() - interval '2 days'`,
  'scheduled reconciliations': `select 1 from reconciliations
    where trigger = 'schedule' and state <> 'running' and finished_at < now() - interval '31 days'`,
  'jobs that are over': `select 1 from jobs where state = 'waiting' and due_at < now() - interval '1 hour'`,
};

/** Tables whose size follows the current activity, not the age of the shop. */
export const BOUNDED = [
  'inbox',
  'jobs',
  'events',
  'webhook_deliveries',
  'webhook_attempts',
  'sessions',
  'refresh_tokens',
  'idempotency_keys',
  'reconciliations',
];

/** Accesses that lasted more than an hour beyond their end, including the grace period. */
const ENDED = {
  subscriptions: `select id from subscriptions where ended_at is null and access_until < now() - interval '1 hour'`,
  'places in a chat': `select a.id from chat_accesses a
    where a.ended_at is null and a.access_until < now() - interval '1 hour'`,
};

/** Checks everything at the end of a month. @returns {Promise<string[]>} one sentence per violation */
export async function checkMonth(run, { from, to, telegramCharges }) {
  const found = [];
  const violated = await checkBooks(run.town.ownerUrl, { olderThan: '10 minutes' });
  if (violated.length > 0) found.push(report(violated));
  await compareStatement(run, { from, to, telegramCharges }, found);
  await compareBot(run.database, run.telegram, run.shop, books(found));
  await compareSubscriptions(run, found);
  await compareCredits(run, found);
  for (const userId of await run.buyers.overstayed(HOUR)) found.push(`${userId} is still in the chat`);
  for (const userId of await run.buyers.kept()) found.push(`${userId} has paid for the chat and is not in it`);
  await compareWebhooks(run, found);
  await reconcile(run, found);
  for (const [what, sql] of Object.entries({ ...KEPT, ...ENDED })) {
    const rows = await run.database.query(sql);
    if (rows.length > 0) found.push(`${rows.length} ${what} outlived their time`);
  }
  return found;
}

const books = (found) => ({ lost: found, doubled: found, wrong: found });

const day = (at) => new Date(at).toISOString().slice(0, 10);

/** @param telegramCharges the month's charges as Telegram lists them */
async function compareStatement({ shop }, { from, to, telegramCharges }, found) {
  const path = `/v1/bots/${shop.botId}/statement?from=${day(from)}&to=${day(to)}`;
  const { charges, refunds, net } = await shop.creator.must('GET', path);
  const stars = telegramCharges.reduce((sum, { amount }) => sum + amount, 0);
  if (charges.count !== telegramCharges.length || charges.stars !== stars)
    found.push(
      `the statement has ${charges.count} charges of ${charges.stars}, Telegram ${telegramCharges.length} of ${stars}`,
    );
  if (net !== charges.stars || refunds.count !== 0) found.push(`the statement nets ${net} of ${charges.stars}`);
}

/** Compares the end of each subscription's paid period with Telegram's. */
async function compareSubscriptions({ database, buyers }, found) {
  const ours = await database.query(
    `select buyer_id::int8::text as buyer, extract(epoch from max(paid_until))::float8 as paid_until from subscriptions group by 1`,
  );
  for (const { userId, expiresAt, state } of await buyers.subscriptions()) {
    const until = ours.find(({ buyer }) => buyer === String(userId))?.paid_until;
    if (until === undefined || Math.abs(until - expiresAt) > 1)
      found.push(`the ${state} subscription of ${userId} is paid until ${expiresAt} at Telegram and ${until} here`);
  }
}

async function compareCredits({ shop, buyers }, found) {
  for (const userId of new Set(buyers.lots.map((lot) => lot.userId))) {
    const owed = buyers.lots
      .filter((lot) => lot.userId === userId && lot.until > Date.now())
      .reduce((sum, { amount }) => sum + amount, 0);
    const { data } = await shop.creator.must('GET', `/v1/buyers/${userId}/credits`);
    const balance = data[0]?.balance ?? 0;
    if (balance !== owed) found.push(`${userId} has ${balance} credits and should have ${owed}`);
  }
}

/** Checks that the endpoint received every event that is still listed, and that signatures are valid across rotations. */
async function compareWebhooks({ database, shop: { receiver }, publicId }, found) {
  const events = await database.query(
    `select id from events where created_at < now() - interval '10 minutes' and created_at >= (select min(created_at) from endpoints)`,
  );
  const missing = events.filter(({ id }) => !receiver.taken.has(publicId('event', id))).length;
  if (missing > 0) found.push(`the endpoint was not told of ${missing} of ${events.length} events`);
  if (receiver.forged > 0) found.push(`${receiver.forged} signatures did not hold`);
  if (receiver.contradicted > 0) found.push(`${receiver.contradicted} webhooks were repeated with another body`);
}

async function reconcile({ shop, quiet }, found) {
  const path = `/v1/bots/${shop.botId}/reconciliations`;
  const { id } = await shop.creator.must('POST', path, {});
  await quiet();
  const { state, difference, healed_payments, healed_refunds, unknown_here, unknown_there } = await shop.creator.must(
    'GET',
    `${path}/${id}`,
  );
  const figures = { difference, healed_payments, healed_refunds, unknown_here, unknown_there };
  const odd = Object.entries(figures).filter(([, n]) => n !== 0);
  if (state !== 'succeeded' || odd.length > 0)
    found.push(`reconciliation ${state}: ${odd.map(([what, n]) => `${what} ${n}`).join(', ')}`);
}

/** @returns the number of rows by table, counted exactly */
export async function countRows(database) {
  const tables = await database.query(`select tablename as name from pg_tables where schemaname = 'public' order by 1`);
  const counts = tables.map(({ name }) => `select '${name}' as name, count(*)::int as rows from "${name}"`);
  const rows = await database.query(counts.join(' union all '));
  return Object.fromEntries(rows.map(({ name, rows: n }) => [name, n]));
}
