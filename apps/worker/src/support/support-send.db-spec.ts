import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import type { DataSource } from 'typeorm';
import { CatalogModule } from '#libs/catalog';
import { Database, DatabaseModule } from '#libs/database';
import { JOB_KINDS, JournalModule, JobStore } from '#libs/journal';
import { newUuid, systemClock } from '#libs/kernel';
import { QuotasModule } from '#libs/quotas';
import { readConfig, RuntimeModule } from '#libs/runtime';
import { SalesModule } from '#libs/sales';
import { BuyerSupportService, SupportModule, SupportService } from '#libs/support';
import { TelegramModule } from '#libs/telegram';
import { BotDirectory, TenantsModule } from '#libs/tenants';
import { VaultModule } from '#libs/vault';
import { openAsOwner, testDatabaseUrl, testMasterKey } from '../../../../test/support/database.js';
import { giveToken, openShop, type Shop } from '../../../../test/support/shop.js';
import { type Simulator, SimulatorClient, startSimulator } from '../../../simulator/src/index.js';
import { JobDesk } from '../jobs/job-desk.js';
import type { JobHandler } from '../jobs/job-handler.js';
import { SupportSendHandler } from './support-send.handler.js';

const jobs = new JobStore();

let app: TestingModule;
let db: Database;
let owner: DataSource;
let simulator: Simulator;
let world: SimulatorClient;
let desk: JobDesk;
let support: SupportService;
let asking: BuyerSupportService;

beforeAll(async () => {
  [owner, simulator] = await Promise.all([openAsOwner(), startSimulator()]);
  world = new SimulatorClient(simulator.url);
  const config = readConfig({
    DATABASE_URL: testDatabaseUrl(),
    TELEGRAM_API_ROOT: simulator.url,
    STARWALL_MASTER_KEY: testMasterKey,
  });
  app = await Test.createTestingModule({
    imports: [
      RuntimeModule.with(config),
      DatabaseModule.with({ url: config.databaseUrl, name: 'test' }),
      VaultModule,
      JournalModule.with(),
      QuotasModule,
      CatalogModule.with({ dataDir: config.dataDir, s3: undefined }),
      TelegramModule,
      TenantsModule,
      SalesModule,
      SupportModule,
    ],
    providers: [SupportSendHandler],
  }).compile();
  Logger.overrideLogger(false);
  db = app.get(Database);
  support = app.get(SupportService);
  asking = app.get(BuyerSupportService);
  const send = app.get(SupportSendHandler);
  const others: JobHandler[] = JOB_KINDS.filter((kind) => kind !== send.kind).map((kind) => ({
    kind,
    run: () => Promise.resolve({ kind: 'done' }),
  }));
  desk = new JobDesk(db, jobs, systemClock, [send, ...others]);
});
afterAll(() => Promise.all([app.close(), owner.destroy(), simulator.close()]));
beforeEach(async () => {
  await owner.query(`update jobs set state = 'parked'`);
  await world.setFaults({ rules: [] });
});

interface Question extends Shop {
  readonly threadId: string;
  readonly chat: { readonly botId: number; readonly userId: number };
}

/** Opens a shop whose bot exists in Telegram, with a buyer who has asked a question. */
async function newQuestion(): Promise<Question> {
  const shop = await openShop(db);
  const username = `b${randomUUID().replaceAll('-', '').slice(0, 20)}_bot`;
  const bot = await world.createBot({ username, name: 'Shop' });
  await giveToken(shop, bot.token);
  await world.createUser({ id: shop.buyerId, first_name: 'Bea' });
  const chat = { botId: bot.id, userId: shop.buyerId };
  await world.start(chat);
  const threadId = await shop.in((tx) => asking.open(tx, { ...shop, orderId: null }, new Date()));
  return { ...shop, chat, threadId };
}
const answer = (it: Question, text: string) =>
  it.in((tx) => support.answer(tx, it.threadId, { text, accountId: newUuid() }, new Date()));

/** Runs due jobs until none is left. */
async function sendAll(): Promise<void> {
  for (;;) {
    const { jobs: due } = await db.inPlatform('a test', (tx) => jobs.claim(tx, 'delivery', 100));
    if (due.length === 0) return;
    await Promise.all(due.map((job) => desk.work(job)));
  }
}
const makeDue = (it: Question) =>
  owner.query(`update jobs set due_at = now() where tenant_id = $1 and state = 'waiting'`, [it.tenantId]);
const heard = async (it: Question) =>
  (await world.chat(it.chat)).messages.flatMap((message) => (message.outgoing ? [message.text?.split('\n\n')[1]] : []));
const deliveries = async (it: Question) =>
  (await it.in((tx) => support.conversation(tx, it.threadId))).messages.map((message) => message.delivery);
const fault = (action: 'error500' | 'drop_answer', times: number) =>
  world.setFaults({ rules: [{ at: 'call', action, name: 'sendMessage', times }] });

describe("a creator's answers", () => {
  it('arrive in order, each once', async () => {
    const question = await newQuestion();
    for (const text of ['one', 'two', 'three']) await answer(question, text);
    await sendAll();
    expect(await heard(question)).toEqual(['one', 'two', 'three']);
    expect(await deliveries(question)).toEqual(['sent', 'sent', 'sent']);
    await answer(question, 'four');
    await sendAll();
    expect(await heard(question)).toEqual(['one', 'two', 'three', 'four']);
  });

  it('wait for an earlier one that Telegram has not accepted yet', async () => {
    const question = await newQuestion();
    await fault('error500', 1);
    for (const text of ['one', 'two']) await answer(question, text);
    await sendAll();
    expect(await deliveries(question)).toEqual(['waiting', 'waiting']);
    await makeDue(question);
    await sendAll();
    expect(await heard(question)).toEqual(['one', 'two']);
  });

  it('arrive twice rather than never when the confirmation is lost', async () => {
    const question = await newQuestion();
    await fault('drop_answer', 1);
    await answer(question, 'one');
    await sendAll();
    await makeDue(question);
    await sendAll();
    expect(await heard(question)).toEqual(['one', 'one']);
    expect(await deliveries(question)).toEqual(['sent']);
  });

  it('do not wait for an earlier one that Telegram refuses permanently', async () => {
    const question = await newQuestion();
    await owner.query(
      `insert into bot_texts (tenant_id, id, bot_id, language, key, text)
       select tenant_id, gen_random_uuid(), id, 'en', 'support.answer', '{answer}' from bots where id = $1`,
      [question.botId],
    );
    // Telegram refuses a message of a single space, and so does our API.
    for (const text of [' ', 'two']) await answer(question, text);
    await sendAll();
    expect(await deliveries(question)).toEqual(['failed', 'sent']);
    const sent = (await world.chat(question.chat)).messages.filter((message) => message.outgoing);
    expect(sent.map((message) => message.text)).toEqual(['two']);
  });

  it('fail at the end of the schedule, and the next one still gets its attempts', async () => {
    const question = await newQuestion();
    await fault('error500', 12);
    for (const text of ['one', 'two']) await answer(question, text);
    for (let tries = 0; tries < 12; tries += 1) {
      await sendAll();
      await makeDue(question);
    }
    await sendAll();
    expect(await deliveries(question)).toEqual(['failed', 'sent']);
    expect(await heard(question)).toEqual(['two']);
  });

  it('wait for a new token when the old one is revoked', async () => {
    const question = await newQuestion();
    await world.revokeToken(question.chat.botId);
    await answer(question, 'one');
    await sendAll();
    expect(await deliveries(question)).toEqual(['waiting']);
    const [bot] = await owner.query<Array<{ state: string }>>('select state from bots where id = $1', [question.botId]);
    expect(bot?.state).toBe('token_invalid');
  });

  it('fail when the bot was removed', async () => {
    const question = await newQuestion();
    await owner.query(`update bots set state = 'removed', token_sealed = null where id = $1`, [question.botId]);
    app.get(BotDirectory).forget(question.botId);
    await answer(question, 'one');
    await sendAll();
    expect(await deliveries(question)).toEqual(['failed']);
  });

  it('are marked as unreachable when the buyer has blocked the bot', async () => {
    const question = await newQuestion();
    await world.block(question.chat);
    await answer(question, 'one');
    await sendAll();
    expect(await deliveries(question)).toEqual(['unreachable']);
    const [buyer] = await question.in((tx) => tx.query('select reachable from buyers'));
    expect(buyer).toEqual({ reachable: false });
  });
});
