import { createServer } from 'node:http';
import { pause } from '../../test/chaos/random.mjs';
import { cpuSince, limitOf, noteCpu } from '../support/cpu.mjs';
import { send, update } from './ingress.mjs';

/** Milliseconds without any arrival after which the rest is lost. */
const PATIENCE_MS = 60_000;

/**
 * The worker's output from a full queue: replies to a Telegram that answers at once, and webhooks to an endpoint that
 * does.
 */
export const outgoing = {
  names: ['messages', 'webhooks'],

  async run(bench, wanted) {
    const results = [];
    if (wanted.has('messages'))
      results.push(await repeated(bench, messages, 'messages', 'messages to Telegram per second'));
    if (wanted.has('webhooks'))
      results.push(
        await repeated(bench, webhooks, 'webhooks', 'webhooks delivered per second, one endpoint per workspace'),
      );
    return results;
  },
};

async function repeated(bench, measure, name, row) {
  const runs = [];
  for (let run = 0; run < bench.settings.runs; run += 1) runs.push(await measure(bench));
  return { name, row, ours: runs.map(({ perSecond }) => perSecond), limit: runs.at(-1).limit };
}

/** Questions wait in the inbox before the worker starts; each is answered by one message. */
async function messages({ starwall, telegram, settings }) {
  const arrivals = [];
  const seen = new Set();
  await starwall.start({ without: ['worker'] });
  await send(starwall, settings.updates, (shop, n) => {
    const asked = update(shop, n);
    const { id } = asked.message.chat;
    telegram.buyers.set(id, { hears: () => arrivals.push(performance.now()) });
    seen.add(id);
    return asked;
  });
  await starwall.stop();
  try {
    return await rateOf(starwall, arrivals, settings.updates, () =>
      starwall.start({ without: ['platform', 'ingress'] }),
    );
  } finally {
    await starwall.quiet();
    await starwall.stop();
    for (const id of seen) telegram.buyers.delete(id);
  }
}

/** Events wait for the relay before the worker starts; every workspace has one endpoint. */
async function webhooks({ starwall, settings }) {
  const arrivals = [];
  const seen = new Set();
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      response.writeHead(204).end();
      arrivals.push(performance.now());
      seen.add(request.headers['webhook-id']);
    });
  });
  // A connection that the server closes while it is used again is a failed attempt, and its repetition comes much later.
  server.keepAliveTimeout = 600_000;
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Production refuses endpoints on this machine.
  const env = { NODE_ENV: 'development', DANGEROUS_LOOPBACK_WEBHOOKS: 'true' };
  await starwall.start({ env });
  const url = `http://127.0.0.1:${server.address().port}/hook`;
  const creators = [...new Set(starwall.shops.map(({ creator }) => creator))];
  const endpoints = [];
  try {
    for (const creator of creators)
      endpoints.push({ creator, id: (await creator.must('POST', '/v1/endpoints', { url })).id });
    await starwall.quiet();
    await starwall.stop();
    arrivals.length = 0;
    seen.clear();
    const { rowCount } = await starwall.owner.query(
      `insert into events (tenant_id, id, type, bot_id, data)
       select e.tenant_id, gen_random_uuid(), e.type, e.bot_id, e.data from generate_series(1, $1::int) n
       join lateral (select * from (select distinct on (tenant_id) * from events where type = 'product.created' order by tenant_id, id) one
                     offset n % $2 limit 1) e on true`,
      [settings.updates, creators.length],
    );
    const found = await rateOf(starwall, arrivals, rowCount, () => starwall.start({ env, without: ['ingress'] }));
    if (seen.size !== rowCount) throw new Error(`${seen.size} of ${rowCount} webhooks came.`);
    for (const { creator, id } of endpoints) await creator.must('DELETE', `/v1/endpoints/${id}`);
    return found;
  } finally {
    await starwall.stop();
    server.close();
    server.closeAllConnections();
  }
}

/** From the first arrival to the last: starting the processes does not count. */
async function rateOf(starwall, arrivals, count, start) {
  await start();
  const began = performance.now();
  const until = async (wanted) => {
    while (arrivals.length < wanted) {
      if (performance.now() > (arrivals.at(-1) ?? began) + PATIENCE_MS)
        throw new Error(`Only ${arrivals.length} of ${count} arrived.`);
      await pause(2);
    }
  };
  await until(1);
  const before = noteCpu(starwall.pids);
  await until(count);
  const limit = limitOf(cpuSince(before, starwall.pids));
  if (arrivals.length > count) throw new Error(`${arrivals.length} arrived instead of ${count}.`);
  return { perSecond: ((count - 1) / (arrivals.at(-1) - arrivals[0])) * 1_000, limit };
}
