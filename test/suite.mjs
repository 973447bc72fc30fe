import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { __resetOutOfContextForTests as forgetFirstLogger } from 'nestjs-pino/PinoLogger.js';
import pg from 'pg';
import { checkBooks, report } from '../scripts/books.mjs';

/** Some tests let two bots be told of one charge, which Telegram never does. */
const EXCEPT = ['charge_of_two_bots'];

/**
 * Runs before each suite. Suites of one worker share its modules, so what a suite changes in them is put back here. Nothing is
 * logged, unless a suite starts a product that does.
 *
 * Each suite above the rules gets a database of its own, copied from the migrated one, and so meets nothing that another suite left to be done.
 * The suite ends with a look at its books: tests may pass and leave behind what must never be. An exception fails the suite. Work that may
 * take a moment is not looked at, because tests stop work half-way. Tests that break the books on purpose use another database.
 */
forgetFirstLogger();
Logger.overrideLogger(false);
afterAll(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const { testPath } = expect.getState();
if (testPath !== undefined && !testPath.endsWith('.spec.ts')) {
  const database = `suite_${randomBytes(6).toString('hex')}`;
  await asKeeper(`create database ${database} template starwall`);
  process.env.TEST_DATABASE = database;
  afterAll(() => close(database));
}

async function close(database) {
  try {
    const violated = await checkBooks(`${process.env.TEST_PG_OWNER}/${database}`, {
      olderThan: '1 hour',
      except: EXCEPT,
    });
    if (violated.length > 0) throw new Error(`The suite left books that are not in order.\n${report(violated)}`);
  } finally {
    await asKeeper(`drop database ${database} with (force)`);
  }
}

async function asKeeper(sql) {
  const client = new pg.Client(`${process.env.TEST_PG_OWNER}/postgres`);
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
