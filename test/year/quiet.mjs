import { pause } from '../chaos/random.mjs';

const PATIENCE_MS = 120_000;

const { BELLS } = await import(`${process.cwd()}/dist/libs/journal/src/index.js`);

const OPEN = `
  select (select count(*)::int from inbox where state = 'waiting' and due_at <= now()) as updates,
         (select count(*)::int from events where relayed_at is null) as events,
         (select count(*)::int from jobs where state = 'waiting' and (due_at <= now() or lease is not null)) as jobs,
         (select count(*)::int from reconciliations where state = 'running') as reconciliations`;

/**
 * Waits until everything that is due now is done. Wakes the workers repeatedly, because nothing wakes them when the clock jumps, and new
 * work would wait for the next poll.
 * @throws Error that names the remaining work
 */
export async function untilQuiet({ database, telegram, telegramId }) {
  const deadline = performance.now() + PATIENCE_MS;
  for (let calm = 0; calm < 2; ) {
    await database.query('select pg_notify($1, $2)', ['starwall_bells', BELLS.join()]);
    const [counts] = await database.query(OPEN);
    const left = { ...counts, pending: (await telegram.webhook(telegramId)).pendingUpdates };
    const open = Object.entries(left).filter(([, n]) => n > 0);
    calm = open.length === 0 ? calm + 1 : 0;
    if (performance.now() > deadline) throw new Error(`Not quiet in time: ${JSON.stringify(Object.fromEntries(open))}`);
    if (calm < 2) await pause(40);
  }
}
