import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { runProcess } from '#libs/process';
import { CreatorApi } from './api.js';
import { DEMO_BUYER, DEMO_EMAIL, ensureDemoTenant, newSimulatorToken } from './demo-tenant.js';
import { databaseUrlFile, keptSecret, readSettings } from './settings.js';
import { startStandalone } from './standalone.js';

await runProcess(async () => {
  const settings = readSettings(process.env);
  const standalone = await startStandalone(settings, (sentence) => console.log(sentence));
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= standalone.stop().then(() => process.exit(0));
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);

  const password = keptSecret(settings.dataDir, 'demo-password', () => randomBytes(12).toString('base64url'));
  const token = keptSecret(settings.dataDir, 'demo-bot-token', newSimulatorToken);
  const { apiUrl, simulator } = standalone;
  const api = new CreatorApi(apiUrl);
  await api.enter({ email: DEMO_EMAIL, password, workspace: 'Demo' });
  const demo = await ensureDemoTenant(api, simulator.url, token);

  console.log(
    `\nStarwall is ready (${(process.uptime()).toFixed(1)} s).\n\n  Your dashboard:               ` +
      `${apiUrl}/\n  Chat with the shop as ${DEMO_BUYER.first_name}:  ` +
      `${simulator.url}/#/${demo.username}\n  Mails to creators:            ${simulator.url}/mails.html\n` +
      `  API documentation:            ${apiUrl}/docs\n\n  The demo ` +
      `creator owns @${demo.username} (${demo.botId}):\n    e-mail    ${DEMO_EMAIL}\n    password  ` +
      `${password}\n\n  List the orders:\n    TOKEN=$(curl -s ${apiUrl}/v1/auth/login -H 'content-type: ` +
      `application/json' \\\n      -d '{"email":"${DEMO_EMAIL}","password":"${password}"}' | sed ` +
      `'s/.*"access_token":"\\([^"]*\\)".*/\\1/')\n    curl -s ${apiUrl}/v1/orders -H "authorization: ` +
      'Bearer $TOKEN"\n\n  Create the first member of staff, in another terminal:\n    DATABASE_URL=$(cat ' +
      `${databaseUrlFile(settings.dataDir)}) npm run -s staff -- create --email ada@example.com --role ` +
      `admin\n\n  Ctrl+C stops everything; all data is kept in ${settings.dataDir}/.\n`,
  );
});
