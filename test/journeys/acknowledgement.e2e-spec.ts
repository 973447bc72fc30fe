import type { DataSource, QueryRunner } from 'typeorm';
import { openAsOwner } from '../support/database.js';
import { Creator, type Starwall, startStarwall } from '../support/starwall.js';
import { webhookOf } from '../support/updates.js';

let starwall: Starwall;
let owner: DataSource;
beforeAll(async () => {
  [starwall, owner] = [await startStarwall(), await openAsOwner()];
});
afterAll(async () => {
  await owner.destroy();
  await starwall.stop();
});

/** Keeps the inbox shut until `work` has ended. */
async function whileInboxIsLocked<T>(work: (lock: QueryRunner) => Promise<T>): Promise<T> {
  const lock = owner.createQueryRunner();
  await lock.query('begin');
  await lock.query('lock table inbox in access exclusive mode');
  try {
    return await work(lock);
  } finally {
    await lock.query('rollback');
    await lock.release();
  }
}

const after = (ms: number) => new Promise<'no answer yet'>((resolve) => setTimeout(resolve, ms, 'no answer yet'));

it('Telegram is thanked for an update only when it is stored', async () => {
  const creator = await Creator.signUp(starwall);
  const bot = await creator.registerBot();
  const { url, secret } = webhookOf(starwall, bot);
  const post = () =>
    fetch(url, {
      method: 'POST',
      headers: { 'x-telegram-bot-api-secret-token': secret },
      body: JSON.stringify({ update_id: 1, poll: { id: '1' } }),
    }).then((response) => response.status);

  const { first, meanwhile } = await whileInboxIsLocked(async () => {
    const answer = post();
    return { first: answer, meanwhile: await Promise.race([answer, after(400)]) };
  });
  expect(meanwhile).toBe('no answer yet');
  expect(await first).toBe(200);
});
