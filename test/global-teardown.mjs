import { checkBooks, report } from '../scripts/books.mjs';

/** Some tests let two bots be told of one charge, which Telegram never does. */
const EXCEPT = ['charge_of_two_bots'];

/**
 * Every run ends with a look at the books of every worker's database: a test may pass and leave behind what must never be. What is
 * thrown here fails the run. What may take a moment is not looked at: tests stop work in its middle. Tests that break the books on
 * purpose do so in a database of their own.
 */
export default async function tearDown() {
  try {
    for (const url of globalThis.__databases ?? []) {
      const violated = await checkBooks(url, { olderThan: '1 hour', except: EXCEPT });
      if (violated.length > 0) throw new Error(`The tests left books that are not in order.\n${report(violated)}`);
    }
  } finally {
    await globalThis.__stopPostgres?.();
  }
}
