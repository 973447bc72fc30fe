import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { join } from 'node:path';
import pg from 'pg';
import { freePort } from '../../scripts/free-port.mjs';
import { startProgram, untilListening } from '../chaos/processes.mjs';
import { CreatorClient } from '../chaos/town.mjs';

const dist = (path) => import(`${process.cwd()}/dist/${path}`);

/**
 * Starts PostgreSQL, one platform, one ingress, one worker, and Telegram in this process: the smallest installation, in which a flood hurts
 * most.
 * @param settings of PostgreSQL, as `name=value`
 * @param env additional settings of the three processes
 * @param output a file descriptor for their output
 */
export async function startTown(dir, { settings = [], env: more = {}, output } = {}) {
  const stops = [];
  const stop = async () => {
    for (const each of stops.splice(0).toReversed()) await each();
  };
  try {
    const { startPostgres } = await dist('apps/standalone/src/postgres.js');
    const postgres = await startPostgres({ dataDir: dir, settings, onProgress() {} });
    stops.push(() => postgres.stop());
    const { ensureLogin, migrate } = await dist('libs/database/src/index.js');
    await migrate(postgres.ownerUrl);
    await ensureLogin(postgres.ownerUrl, postgres.applicationUrl);
    const { startSimulator } = await dist('apps/simulator/src/index.js');
    const simulator = await startSimulator();
    stops.push(() => simulator.close());
    const [port, ingressPort] = await Promise.all([freePort(), freePort()]);
    const env = {
      PATH: process.env.PATH,
      HOME: process.env.HOME ?? '/',
      LOG_LEVEL: 'fatal',
      PORT: String(port),
      INGRESS_PORT: String(ingressPort),
      DATABASE_URL: postgres.applicationUrl,
      TELEGRAM_API_ROOT: simulator.url,
      STARWALL_MASTER_KEY: randomBytes(32).toString('base64'),
      STARWALL_DATA_DIR: join(dir, 'files'),
      STARWALL_RECONCILE: 'off',
      // The rate limit per credential would stop the flood before it has an effect.
      STARWALL_RATE_LIMIT: '1000000',
      DANGEROUS_LOOPBACK_WEBHOOKS: 'true',
      ...more,
    };
    for (const name of ['platform', 'ingress', 'worker'])
      stops.push(startProgram(process.execPath, [`dist/apps/${name}/src/main.js`], { env, output }).stop);
    await untilListening(port, 'The platform');
    await untilListening(ingressPort, 'The ingress');
    const owner = new pg.Pool({ connectionString: postgres.ownerUrl, max: 2 });
    stops.push(() => owner.end());
    return { apiUrl: `http://127.0.0.1:${port}`, simulator, owner, ownerUrl: postgres.ownerUrl, env, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Creates a creator with a bot, a product, and the bot's webhook as Telegram knows it. */
export async function openShop({ apiUrl, simulator }, name) {
  const creator = new CreatorClient(apiUrl, `${name}@starwall.example`);
  await creator.signUp();
  const { SimulatorClient } = await dist('apps/simulator/src/index.js');
  const telegram = new SimulatorClient(simulator.url);
  const { id: telegramId, token } = await telegram.createBot({ username: `shop_${name}_bot`, name });
  const bot = await creator.must('POST', '/v1/bots', { token });
  const goods = { bot_id: bot.id, kind: 'text', title: 'Guide', description: 'A guide', stars: 5, content: 'Goods' };
  const product = await creator.must('POST', '/v1/products', goods);
  const { url, secretToken } = simulator.world.bot(telegramId).webhook.settings;
  return { creator, telegram, telegramId, botId: bot.id, productId: product.id, ingress: { url, secret: secretToken } };
}

/** Posts an update like Telegram. @returns the status */
export async function post({ url, secret }, update) {
  const headers = { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secret };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(update) });
  await answer.arrayBuffer();
  return answer.status;
}

/** Starts a creator's server. @param onRequest answers each request, or keeps it open */
export async function startServer(onRequest) {
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => onRequest(request, response));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/hook`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
