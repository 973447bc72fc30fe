import 'reflect-metadata';
import { messageOf, readConfig, redact } from '#libs/runtime';
import { databaseFindings } from './doctor/database.checks.js';
import { type Finding, inWords, wrong } from './doctor/finding.js';
import { outsideFindings } from './doctor/outside.checks.js';
import { replicaFindings } from './doctor/replica.check.js';
import { serviceFindings } from './doctor/service.checks.js';

/** `npm run doctor`: checks an installation with the environment of its worker. Exit status 1 when something is wrong. */
async function look(): Promise<Finding[]> {
  try {
    const config = readConfig(process.env);
    const found = await Promise.all([
      databaseFindings(config),
      replicaFindings(config),
      serviceFindings(config),
      outsideFindings(config),
    ]);
    return found.flat();
  } catch (error) {
    return [wrong('settings', messageOf(error), 'See .env.example. Give this command the environment of the worker.')];
  }
}

const asJson = process.argv.includes('--json');
const findings = await look();
process.stdout.write(`${redact(asJson ? JSON.stringify(findings, undefined, 2) : inWords(findings))}\n`);
process.exit(findings.some(({ state }) => state === 'wrong') ? 1 : 0);
