// The bot that a creator would write by hand, as a yardstick for `npm run bench`: grammY, Express and node-postgres in
// one process, for one bot. It takes the same steps as a sale of Starwall's: the order before the invoice, the checks
// under a lock, a charge that counts once, the goods, the receipt.
import { readFileSync } from 'node:fs';
import express from 'express';
import { webhookCallback } from 'grammy';
import { createBot, deliverLeftOver } from './bot.mjs';
import { newPool } from './store.mjs';

const { BOT_TOKEN, DATABASE_URL, PORT, TELEGRAM_API_ROOT, WEBHOOK_SECRET } = process.env;
const SWEEP_MS = 60_000;

const pool = newPool(DATABASE_URL);
await pool.query(readFileSync(new URL('schema.sql', import.meta.url), 'utf8'));
const bot = createBot({ token: BOT_TOKEN, apiRoot: TELEGRAM_API_ROOT, pool });

const app = express();
app.disable('x-powered-by');
app.post('/webhook', express.json({ limit: '1mb' }), webhookCallback(bot, 'express', { secretToken: WEBHOOK_SECRET }));
app.use((error, _request, response, _next) => {
  console.error(error instanceof Error ? error.message : String(error));
  // Telegram repeats the update.
  response.sendStatus(500);
});

const sweep = () => deliverLeftOver(pool, bot.api).catch((error) => console.error(error.message));
const timer = setInterval(sweep, SWEEP_MS);
const server = app.listen(Number(PORT), '127.0.0.1', async () => {
  await bot.api.setWebhook(`http://127.0.0.1:${PORT}/webhook`, { secret_token: WEBHOOK_SECRET });
  await sweep();
});

process.once('SIGTERM', () => {
  clearInterval(timer);
  server.close(() => void pool.end());
  server.closeIdleConnections();
});
