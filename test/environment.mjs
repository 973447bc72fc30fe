import { randomBytes } from 'node:crypto';
import { TestEnvironment } from 'jest-environment-node';
import pg from 'pg';
import { checkBooks, report } from '../scripts/books.mjs';

/** Some tests let two bots be told of one charge, which Telegram never does. */
const EXCEPT = ['charge_of_two_bots'];

/**
 * Each suite above the rules has a database of its own, copied from the migrated one, so that no suite meets what another one left to
 * be done. It ends with a look at its books: a suite may pass and leave behind what must never be. What is thrown here fails the
 * suite. What may take a moment is not looked at: tests stop work in its middle. Tests that break the books on purpose do so in
 * another database.
 */
export default class SuiteEnvironment extends TestEnvironment {
  #database;

  constructor(config, context) {
    super(config, context);
    if (!context.testPath.endsWith('.spec.ts')) this.#database = `suite_${randomBytes(6).toString('hex')}`;
  }

  async setup() {
    await super.setup();
    if (this.#database === undefined) return;
    await asKeeper(`create database ${this.#database} template starwall`);
    this.global.process.env.TEST_DATABASE = this.#database;
  }

  async teardown() {
    try {
      if (this.#database !== undefined) await close(this.#database);
    } finally {
      await super.teardown();
    }
  }
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
