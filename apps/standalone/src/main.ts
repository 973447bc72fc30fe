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

  console.log(`
Starwall is ready (${process.uptime().toFixed(1)} s).

  Your dashboard, signed in (works once):
    ${standalone.signInLink({ email: DEMO_EMAIL, password })}

  Chat with the shop as ${DEMO_BUYER.first_name}:  ${simulator.url}/#/${demo.username}
  Emails to creators:            ${simulator.url}/mails.html
  API documentation:            ${apiUrl}/docs

  The demo creator owns @${demo.username} (${demo.botId}):
    dashboard ${apiUrl}/
    email    ${DEMO_EMAIL}
    password  ${password}

  List the orders:
    TOKEN=$(curl -s ${apiUrl}/v1/auth/login -H 'content-type: application/json' \\
      -d '{"email":"${DEMO_EMAIL}","password":"${password}"}' | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')
    curl -s ${apiUrl}/v1/orders -H "authorization: Bearer $TOKEN"

  The console of the platform's staff is at ${apiUrl}/staff. Create its first member, in another terminal:
    DATABASE_URL=$(cat ${databaseUrlFile(settings.dataDir)}) npm run -s staff -- create --email ada@example.com --role admin

  Ctrl+C stops everything; all data is kept in ${settings.dataDir}/.
`);
});
