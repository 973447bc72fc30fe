import type { DataSource } from 'typeorm';
import { newChargeId } from '#libs/fixtures';
import { Backstage } from '../support/backstage.js';
import { openAsOwner } from '../support/database.js';
import { whileHeld } from '../support/locks.js';
import { Creator, eventually, type Starwall, startStarwall } from '../support/starwall.js';
import { Trouble } from '../support/trouble.js';
import { successfulPayment, telegramPosts, webhookOf } from '../support/updates.js';

let starwall: Starwall;
let owner: DataSource;
let backstage: Backstage;
beforeAll(async () => {
  [starwall, owner] = [await startStarwall(), await openAsOwner()];
  backstage = await Backstage.open(starwall);
});
afterAll(async () => {
  await backstage.close();
  await owner.destroy();
  await starwall.stop();
});

/** Holds an exclusive lock on a table while `work` runs. */
const whileLocked = <T>(table: 'inbox' | 'charges', work: () => Promise<T>) =>
  whileHeld(owner, [`lock table ${table} in access exclusive mode`], work);

const isOnTheBooks = async (chargeId: string) =>
  (await backstage.query('select 1 from charges where telegram_charge_id = $1', [chargeId])).length === 1;

it('an update is acknowledged only after it has been stored', async () => {
  const creator = await Creator.signUp(starwall);
  const bot = await creator.registerBot();
  const { url, secret } = webhookOf(starwall, bot);
  const post = () =>
    fetch(url, {
      method: 'POST',
      headers: { 'x-telegram-bot-api-secret-token': secret },
      body: JSON.stringify({ update_id: 1, poll: { id: '1' } }),
    }).then((response) => response.status);

  const answers: number[] = [];
  const { first, meanwhile } = await whileLocked('inbox', async () => {
    const answer = post().then((status) => answers.push(status));
    await backstage.waitedFor('inbox');
    return { first: answer, meanwhile: [...answers] };
  });
  expect(meanwhile).not.toContain(200);
  await first;
  // On a busy machine the checkout of a connection may time out; Telegram then sends the update again.
  if (answers[0] !== 200) await eventually('thanks', async () => (await post()) === 200);
  expect(await backstage.entry(bot, 1)).toBeDefined();
});

it.each([
  ['because of an outage', '53100'],
  ['because of a constraint', '23514'],
])(
  'an update that the database refuses to store is answered with 503, and stored when Telegram repeats it: %s',
  async (_why, code) => {
    const bot = await (await Creator.signUp(starwall)).registerBot();
    const update = successfulPayment(bot.telegramId + 1, { chargeId: newChargeId() });
    const refusing = await Trouble.on(backstage, 'inbox', code, 1, `new.update_id = ${update.update_id}`);
    try {
      expect(await telegramPosts(starwall, bot, update)).toMatchObject({ status: 503 });
      expect(await backstage.entry(bot, update.update_id)).toBeUndefined();
      expect(await telegramPosts(starwall, bot, update)).toMatchObject({ status: 200 });
      expect(await backstage.entry(bot, update.update_id)).toBeDefined();
    } finally {
      await refusing.end();
    }
  },
);

it('a payment whose recording failed is recorded on a retry', async () => {
  const bot = await (await Creator.signUp(starwall)).registerBot();
  const chargeId = newChargeId();
  await backstage.query(
    `create function refuse() returns trigger language plpgsql as $$ begin raise 'not now'; end $$`,
  );
  await backstage.query(
    `create trigger refuse before insert on charges for each row when (new.telegram_charge_id = '${chargeId}') execute function refuse()`,
  );
  const update = successfulPayment(bot.telegramId + 1, { chargeId });
  expect(await telegramPosts(starwall, bot, update)).toMatchObject({ status: 200 });
  await eventually('the first failure', async () => (await backstage.entry(bot, update.update_id))?.error);

  await backstage.query('drop function refuse cascade');
  await backstage.hurryUpdates(bot);
  await eventually('the charge', () => isOnTheBooks(chargeId));
});

it('an update is marked as done together with its effect, so a crash in between repeats it', async () => {
  const bot = await (await Creator.signUp(starwall)).registerBot();
  const chargeId = newChargeId();
  const update = successfulPayment(bot.telegramId + 1, { chargeId });
  const begun = async () => {
    const sql = 'select 1 from inbox where update_id = $1 and attempts > 0';
    return (await backstage.query(sql, [update.update_id])).length === 1;
  };
  const meanwhile = await whileLocked('charges', async () => {
    await telegramPosts(starwall, bot, update);
    await eventually('a worker that begins', begun);
    await backstage.waitedFor('charges');
    return backstage.entry(bot, update.update_id);
  });
  expect(meanwhile).toMatchObject({ state: 'waiting' });
  await eventually('the charge', () => isOnTheBooks(chargeId));
});
