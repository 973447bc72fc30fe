import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { __resetOutOfContextForTests as forgetFirstLogger } from 'nestjs-pino/PinoLogger.js';
import { SuiteDatabase } from './suite-database.mjs';

// Runs before each suite. Suites of one worker share its modules and, above the rules, its database: what a suite changes in them is put
// back here. Nothing is logged, unless a suite starts a product that logs. Each suite ends with a look at its books: tests may pass and
// leave behind what must never be. Tests that break the books on purpose use a database of their own.
forgetFirstLogger();
Logger.overrideLogger(false);
afterAll(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const { testPath } = expect.getState();
if (testPath !== undefined && !testPath.endsWith('.spec.ts')) {
  globalThis.suiteDatabase ??= new SuiteDatabase(`worker_${process.env.VITEST_POOL_ID}`);
  const database = globalThis.suiteDatabase;
  await database.open();
  process.env.TEST_DATABASE = database.name;
  afterAll(() => database.close());
}
