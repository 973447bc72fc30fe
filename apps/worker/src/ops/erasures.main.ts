import 'reflect-metadata';
import { createInterface } from 'node:readline/promises';
import { type Database, withDatabase } from '#libs/database';
import { EventStore } from '#libs/journal';
import { systemClock } from '#libs/kernel';
import { ErasureService, ErasureStore } from '#libs/rights';
import { ALL_ROOMS } from '#libs/rooms';
import { messageOf, readConfig } from '#libs/runtime';
import { ErasedBuyers } from '#libs/tenants';
import { readMasterKeys, SecretBox } from '#libs/vault';
import { listed } from './erasures-command.js';

const USAGE =
  'Keeps erased buyers erased when a backup is restored. Needs the same environment as the worker.\n\n ' +
  ' npm run -s erasures -- list > erasures.ndjson     lists erased buyers, encrypted with the master ' +
  'key: keep it with your backups\n  npm run -s erasures -- apply < erasures.ndjson    erases buyers ' +
  'again that a restored backup has brought back; safe to repeat';

const [verb, ...rest] = process.argv.slice(2);
if ((verb !== 'list' && verb !== 'apply') || rest.length > 0) {
  process.stderr.write(`${USAGE}\n`);
  process.exitCode = 2;
} else await run(verb);

/** `npm run erasures`: exports and applies the list of erased buyers. */
async function run(asked: 'list' | 'apply'): Promise<void> {
  try {
    const config = readConfig(process.env);
    const erased = new ErasedBuyers(new SecretBox(await readMasterKeys(config.masterKeys)));
    await withDatabase(config.databaseUrl, { name: 'erasures-command' }, async (db) => {
      const store = new ErasureStore(ALL_ROOMS);
      const erasures = new ErasureService(db, store, erased, new EventStore(), config, systemClock);
      if (asked === 'list') await list(db, erasures);
      else await apply(erasures);
    });
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exitCode = 1;
  }
}

async function list(db: Database, erasures: ErasureService): Promise<void> {
  const all = await db.inPlatform('list erasures to be kept with backups', (tx) => erasures.list(tx));
  for (const one of all) process.stdout.write(`${JSON.stringify(one)}\n`);
}

async function apply(erasures: ErasureService): Promise<void> {
  const counts = { anew: 0, known: 0 };
  for await (const line of createInterface({ input: process.stdin })) {
    if (line.trim() === '') continue;
    counts[(await erasures.reapply(listed(line))) ? 'anew' : 'known'] += 1;
  }
  process.stdout.write(`${counts.anew} erased again, ${counts.known} were already erased.\n`);
}
