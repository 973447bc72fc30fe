import { person } from '../../dist/libs/fixtures/src/index.js';
import { cpuSince, limitOf, noteCpu } from '../support/cpu.mjs';
import { post } from '../support/http.mjs';
import { insertsPerSecond } from '../support/inserts.mjs';

const AT_ONCE = 64;
const CHATS = 1_000;

/**
 * Updates that the ingress stores, one HTTP request each, while no worker runs; compared with single-row inserts at the
 * same concurrency.
 */
export const ingress = {
  names: ['ingress'],

  async run(bench) {
    const { settings, starwall, postgres } = bench;
    const [ours, theirs] = [[], []];
    const count = settings.updates;
    let limit = '';
    let program = '';
    for (let run = 0; run < settings.runs; run += 1) {
      await starwall.start({ without: ['worker'] });
      try {
        await send(starwall, AT_ONCE * 4);
        const before = noteCpu(starwall.pids);
        const stored = await storedBy(starwall, () => send(starwall, count));
        limit = limitOf(cpuSince(before, starwall.pids));
        if (stored.rows !== count) throw new Error(`${stored.rows} of ${count} updates were stored.`);
        ours.push(count / stored.seconds);
      } finally {
        await starwall.stop();
        await starwall.owner.query(`delete from inbox where state = 'waiting'`);
      }
      const body = JSON.stringify(update(starwall.shops[0], 1));
      const { owner } = starwall;
      const inserted = await insertsPerSecond({ postgres, owner, body, inserts: count, clients: AT_ONCE });
      theirs.push(inserted.perSecond);
      program = inserted.program;
    }
    const row = `updates stored per second, ${AT_ONCE} at once`;
    return [{ name: 'ingress', row, ours, theirs, against: program, limit }];
  },
};

export const update = ({ updates }, n) => updates.text(person(2_000_000_000 + (n % CHATS)), '/help');

/** @param each receives each update's number, for a separate chat */
export async function send({ shops }, count, at = update) {
  let sent = 0;
  const sender = async () => {
    while (sent < count) {
      const n = sent;
      sent += 1;
      const shop = shops[n % shops.length];
      const status = await post(shop.bot.webhook, at(shop, n));
      if (status !== 200) throw new Error(`The ingress answered with ${status}.`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sender));
}

async function storedBy({ owner }, work) {
  const waiting = async () =>
    (await owner.query(`select count(*)::int as n from inbox where state = 'waiting'`)).rows[0].n;
  const before = await waiting();
  const began = performance.now();
  await work();
  const seconds = (performance.now() - began) / 1_000;
  return { seconds, rows: (await waiting()) - before };
}
