import type { DataSource } from 'typeorm';
import { ChatWatch } from '#libs/chats';
import { SECOND } from '#libs/kernel';
import { Rounds, Stopping } from '#libs/process';
import { WebhookWatch } from '#libs/tenants';
import { openAsOwner } from '../support/database.js';
import { Creator, eventually, type Starwall, startStarwall } from '../support/starwall.js';

const BOTS = 10;
/** The maximum of concurrent checks. */
const AT_ONCE = 8;
/** The duration of each call, in seconds. */
const SLOW = 3;

let starwall: Starwall;
let owner: DataSource;

beforeAll(async () => {
  [starwall, owner] = await Promise.all([startStarwall(), openAsOwner()]);
});
// Its own rounds would check the same bots.
beforeAll(() => starwall.app.get(Rounds, { strict: false }).beforeApplicationShutdown());
afterAll(() => Promise.all([starwall.stop(), owner.destroy()]));
afterEach(() => starwall.telegram.setFaults({ rules: [] }));

const struck = async () => {
  const [state] = await starwall.telegram.faults();
  return state?.struck ?? 0;
};

describe('a shutdown while Telegram is slow', () => {
  it.each([
    ['webhooks', WebhookWatch, 'getWebhookInfo', 'update webhook_looks set due_at = $1'],
    ['chats', ChatWatch, 'getChatMember', 'update chats set look_due_at = $1'],
  ])('stops the round of %s between two checks', async (_what, type, name, makeDue) => {
    const creator = await Creator.signUp(starwall);
    for (let n = 0; n < BOTS; n += 1) {
      const bot = await creator.registerBot();
      await owner.query(
        `insert into chats (tenant_id, id, bot_id, telegram_id, type, title, standing, can_invite, can_remove, looked_at)
         select tenant_id, gen_random_uuid(), id, -1000000000000 - $2::bigint, 'channel', 'A channel', 'administrator', true, true, now() from bots where telegram_id = $1`,
        [bot.telegramId, n],
      );
    }
    await owner.query(makeDue, [new Date(0)]);
    await starwall.telegram.setFaults({ rules: [{ at: 'call', action: 'delay', name, seconds: SLOW }] });
    const stopping = new Stopping();
    const rounds = new Rounds(stopping);
    const watch = starwall.app.get<WebhookWatch | ChatWatch>(type, { strict: false });
    rounds.every(60 * SECOND, 'looks', (stop) => watch.round(stop), 'now');
    await eventually('the first look', async () => (await struck()) > 0);
    const begun = Date.now();
    await rounds.beforeApplicationShutdown();
    expect(Date.now() - begun).toBeLessThan(2 * SLOW * SECOND);
    expect(await struck()).toBeLessThanOrEqual(AT_ONCE);
  });
});
