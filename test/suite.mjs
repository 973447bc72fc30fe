import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { __resetOutOfContextForTests as forgetFirstLogger } from 'nestjs-pino/PinoLogger.js';
import { SuiteDatabase } from './suite-database.mjs';

// Runs before each suite. Suites of one worker share its modules and, except for rule specs, its database: their changes
// to these are undone here. Nothing is logged, unless a suite starts a product that logs. Each suite ends with a check of
// its ledger, because passing tests can leave violations. Tests that violate it on purpose use a separate database.
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
