import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { Backstage } from '../support/backstage.js';
import { openAsOwner } from '../support/database.js';
import { waiting, whileHeld } from '../support/locks.js';
import { Buyer, Creator, eventually, type RegisteredBot, type Starwall, startStarwall } from '../support/starwall.js';
import { preCheckoutQuery, telegramPosts, text, webhookOf } from '../support/updates.js';

let starwall: Starwall;
let backstage: Backstage;
let owner: DataSource;
let creator: Creator;
let bot: RegisteredBot;

beforeAll(async () => {
  [starwall, owner] = [await startStarwall(), await openAsOwner()];
  backstage = await Backstage.open(starwall);
  creator = await Creator.signUp(starwall);
  bot = await creator.registerBot();
});
afterEach(() => starwall.telegram.setFaults({ rules: [] }));
afterAll(async () => {
  await backstage.close();
  await owner.destroy();
  await starwall.stop();
});

describe('a pre-checkout query', () => {
  const buyerAt = async (productId: string, { telegramId } = bot) => {
    const buyer = await Buyer.meets(starwall, telegramId);
    return { buyer, invoice: await buyer.wants(productId) };
  };
  /** @returns the outcome and its duration in milliseconds */
  async function timed(paying: Promise<unknown>) {
    const began = performance.now();
    return { outcome: await paying, took: performance.now() - began };
  }
  const notChecked = { status: 'refused', text: expect.stringContaining('could not be checked in time') };

  it('is refused in time while another transaction locks the buyer', async () => {
    const { buyer, invoice } = await buyerAt(await creator.createProduct(bot.id));
    const row = ['select from buyers where telegram_id = $1 for update', [buyer.id]] as const;
    const { outcome, took } = await whileHeld(owner, row, async () => {
      const asked = timed(buyer.pays(invoice));
      // Matches any statement, because this one is too long to be shown in full.
      await waiting(owner, '%');
      return asked;
    });
    expect(outcome).toMatchObject(notChecked);
    expect(took).toBeLessThan(8_000);
    expect(await buyer.pays(invoice)).toMatchObject({ status: 'paid' });
  });

  it('is refused after three seconds when the database is slow, and a late approval is revoked', async () => {
    const product = await creator.createProduct(bot.id, { stock: 1 });
    const [{ buyer, invoice }, other] = [await buyerAt(product), await buyerAt(product)];
    const [{ id: orderId } = { id: '' }] = await backstage.query<{ id: string }>(
      'select id from orders where buyer_id = $1',
      [buyer.id],
    );
    // Each statement is fast enough, but not all of them together.
    await backstage.query(`
      create function slow() returns trigger language plpgsql as $$ begin perform pg_sleep(1.7); return new; end $$;
      create trigger slow before update on orders for each row when (new.id = '${orderId}') execute function slow();
      create trigger slow before update on products for each row when (new.stock = 0) execute function slow();`);
    const { outcome, took } = await timed(buyer.pays(invoice));
    expect(outcome).toMatchObject(notChecked);
    // Telegram waits for ten seconds.
    expect(took).toBeGreaterThan(2_900);
    expect(took).toBeLessThan(8_000);
    await backstage.query('drop function slow cascade');
    // The approval was recorded, then revoked together with its unit of stock.
    const approvals = `select from events where order_id = $1 and type = 'order.approved'`;
    await eventually('the late approval', async () => (await backstage.query(approvals, [orderId])).length > 0);
    const kept = `select from orders where id = $1 and (state = 'approved' or stock_reserved)`;
    await eventually('its end', async () => (await backstage.query(kept, [orderId])).length === 0);
    expect(await other.buyer.pays(other.invoice)).toMatchObject({ status: 'paid' });
  });

  it('is refused for a bot that was loaded before the database became unavailable', async () => {
    // No process has answered a payment for this bot.
    const other = await creator.registerBot();
    const { buyer, invoice } = await buyerAt(await creator.createProduct(other.id), other);
    const name = process.env['TEST_DATABASE'];
    await owner.query(`alter database ${name} with connection limit 0`);
    try {
      const others = 'datname = current_database() and pid <> pg_backend_pid() and not usesuper';
      await owner.query(
        `select pg_terminate_backend(pid) from pg_stat_activity join pg_user using (usesysid) where ${others}`,
      );
      // Bots are reloaded every five seconds.
      await sleep(5_100);
      expect(await buyer.pays(invoice)).toMatchObject(notChecked);
    } finally {
      await owner.query(`alter database ${name} with connection limit -1`);
    }
    await eventually('the sale', async () => (await buyer.pays(invoice)).status === 'paid');
  });

  it.each(['drop_answer', 'error500'] as const)(
    'is sent again when its answer may have been lost (%s): 503, then 200',
    async (action) => {
      const query = preCheckoutQuery(bot.telegramId + 1, 'none of ours');
      const name = 'answerPreCheckoutQuery';
      await starwall.telegram.setFaults({ rules: [{ at: 'call', action, name, botId: bot.telegramId }] });
      expect(await telegramPosts(starwall, bot, query)).toMatchObject({ status: 503 });
      await starwall.telegram.setFaults({ rules: [] });
      expect(await telegramPosts(starwall, bot, query)).toMatchObject({ status: 200 });
    },
  );

  it('is not sent again when Telegram refuses its answer', async () => {
    const query = preCheckoutQuery(bot.telegramId + 1, 'none of ours');
    const rule = { at: 'call', action: 'error400', name: 'answerPreCheckoutQuery', botId: bot.telegramId } as const;
    await starwall.telegram.setFaults({ rules: [rule] });
    expect(await telegramPosts(starwall, bot, query)).toMatchObject({ status: 200 });
  });
});

describe('the former webhook secret of a bot', () => {
  it('is accepted during the overlap, and refused with 401 afterwards', async () => {
    const rotated = await creator.registerBot();
    const former = webhookOf(starwall, rotated).secret;
    const token = await starwall.telegram.revokeToken(rotated.telegramId);
    await creator.post(`/v1/bots/${rotated.id}/rotate-token`, { token }).expect(200);
    const asked = (secret: string) =>
      telegramPosts(starwall, rotated, text(1, '/help'), { 'x-telegram-bot-api-secret-token': secret });
    expect(await asked(former)).toMatchObject({ status: 200 });
    await backstage.query(
      `update bot_routes set previous_secret_until = now() - interval '1 millisecond' where telegram_id = $1`,
      [rotated.telegramId],
    );
    await eventually('the former secret to expire', async () => (await asked(former)).status === 401);
    expect(await asked(webhookOf(starwall, rotated).secret)).toMatchObject({ status: 200 });
  });
});
