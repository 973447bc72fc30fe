import { pause } from './random.mjs';

const WORK = ['order.deliver', 'refund.execute', 'refund.notify', 'webhook.attempt', 'support.send'];

/** Counts the remaining work by kind, except reconciliations and expiries, which are always scheduled. */
async function open({ database, telegram, shops, refunds }) {
  const [row] = await database.query(
    `select (select count(*)::int from inbox where state = 'waiting') as updates,
            (select count(*)::int from events where relayed_at is null) as events,
            (select count(*)::int from jobs where state = 'waiting' and kind = any($1)) as jobs,
            (select count(*)::int from refunds where state in ('requested', 'sent', 'unknown')) as refunding,
            (select count(*)::int from reconciliations where state = 'running') as reconciling`,
    [WORK],
  );
  let pending = 0;
  for (const shop of shops) pending += (await telegram.webhook(shop.telegramId)).pendingUpdates;
  return { ...row, pending, wanted: refunds.open };
}

/**
 * Waits until all work is done. Work scheduled for later is made due now, as if time had passed for the database.
 * @returns {Promise<boolean>} false at the timeout
 */
export async function settle(town, { withinMs, until = () => false, tell }) {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const counts = await open(town).catch(() => undefined);
    const words = Object.entries(counts ?? {}).filter(([, n]) => n > 0);
    if (counts !== undefined && words.length === 0) return true;
    if (counts !== undefined && until(counts)) return true;
    tell(words.map(([what, n]) => `${n} ${what}`).join(', '));
    if (Date.now() > deadline) return false;
    await pause(1_000);
    await hurry(town.database).catch(() => undefined);
  }
}

/** Makes waiting jobs due, but only those without a lease, because taking a lease away would itself be a fault. */
async function hurry(database) {
  for (const table of ['inbox', 'jobs']) {
    await database.query(
      `update ${table} set due_at = now() where state = 'waiting' and due_at > now() and (lease_until is null or lease_until < now())
       ${table === 'jobs' ? `and kind = any($1)` : ''}`,
      table === 'jobs' ? [WORK] : [],
    );
  }
}

/** Requests a reconciliation of every bot as its creator. @throws Error if one does not succeed */
export async function reconcileAll(shops) {
  await Promise.all(
    shops.map(async ({ creator, botId }) => {
      const path = `/v1/bots/${botId}/reconciliations`;
      for (let tries = 0; tries < 3; tries += 1) {
        let run = await creator.must('POST', path, {});
        while (run.state === 'running') {
          await pause(500);
          run = await creator.must('GET', `${path}/${run.id}`);
        }
        if (run.state === 'succeeded') return;
      }
      throw new Error(`The bot ${botId} could not be reconciled.`);
    }),
  );
}
