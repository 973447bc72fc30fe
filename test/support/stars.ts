import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import type { DataSource } from 'typeorm';
import { CatalogModule } from '#libs/catalog';
import { Database, DatabaseModule } from '#libs/database';
import { JOB_KINDS, JobStore, JournalModule, type Queue } from '#libs/journal';
import { newUuid, publicId, systemClock } from '#libs/kernel';
import { QuotasModule } from '#libs/quotas';
import { readConfig, RuntimeModule } from '#libs/runtime';
import { type OrderRow, type Payment, SalesModule } from '#libs/sales';
import { SpendingModule } from '#libs/spending';
import { TelegramModule } from '#libs/telegram';
import { BotDirectory, TenantsModule } from '#libs/tenants';
import { VaultModule } from '#libs/vault';
import { type Simulator, SimulatorClient, startSimulator } from '../../apps/simulator/src/index.js';
import { JobDesk } from '../../apps/worker/src/jobs/job-desk.js';
import type { JobHandler } from '../../apps/worker/src/jobs/job-handler.js';
import { BotReconcileHandler } from '../../apps/worker/src/reconcile/bot-reconcile.handler.js';
import { RefundExecuteHandler } from '../../apps/worker/src/refunds/refund-execute.handler.js';
import { BotVoice } from '../../apps/worker/src/jobs/bot-voice.js';
import { RefundNotifyHandler } from '../../apps/worker/src/refunds/refund-notify.handler.js';
import { databaseSettings, openAsOwner, testMasterKey } from './database.js';
import { giveToken, openShop, paymentFor, salesServices, type Shop } from './shop.js';

type Bot = ReturnType<Simulator['world']['bot']>;
type Row = Parameters<Bot['ledger']['add']>[0];

/** A shop whose bot is known to Telegram, with Telegram's own ledger. */
export interface StarShop extends Shop {
  readonly token: string;
  /** The simulator's bot. A row added to its ledger happened at Telegram without an update. */
  readonly bot: Bot;
}

export interface Sale {
  readonly order: OrderRow;
  readonly payment: Payment;
}

/** The jobs of refunds and reconciliations on a real database, against the simulator. */
export class StarWorks {
  private updateId = 0;
  private readonly sales = salesServices();
  private readonly jobs = new JobStore();

  private constructor(
    readonly app: TestingModule,
    readonly db: Database,
    readonly owner: DataSource,
    readonly simulator: Simulator,
    readonly telegram: SimulatorClient,
    private readonly dataDir: string,
    private readonly desk: JobDesk,
  ) {}

  static async open(settings: Readonly<Record<string, string>> = {}): Promise<StarWorks> {
    const dataDir = await mkdtemp(join(tmpdir(), 'starwall-stars-'));
    const [owner, simulator] = await Promise.all([openAsOwner(), startSimulator()]);
    const config = readConfig({
      ...databaseSettings(),
      TELEGRAM_API_ROOT: simulator.url,
      STARWALL_MASTER_KEY: testMasterKey,
      ...settings,
    });
    const handlers = [RefundExecuteHandler, RefundNotifyHandler, BotReconcileHandler];
    const app = await Test.createTestingModule({
      imports: [
        RuntimeModule.with(config),
        DatabaseModule.with({ url: config.databaseUrl, name: 'test' }),
        VaultModule,
        JournalModule.with(),
        QuotasModule,
        CatalogModule.with({ dataDir, s3: undefined }),
        TenantsModule,
        TelegramModule,
        SalesModule,
        SpendingModule,
      ],
      providers: [BotVoice, ...handlers],
    }).compile();
    Logger.overrideLogger(false);
    const db = app.get(Database);
    const real: JobHandler[] = handlers.map((handler) => app.get<JobHandler>(handler));
    const idle: JobHandler[] = JOB_KINDS.filter((kind) => real.every((handler) => handler.kind !== kind)).map(
      (kind) => ({
        kind,
        run: () => Promise.resolve({ kind: 'done' }),
      }),
    );
    const desk = new JobDesk(db, new JobStore(), systemClock, [...real, ...idle]);
    const telegram = new SimulatorClient(simulator.url);
    return new StarWorks(app, db, owner, simulator, telegram, dataDir, desk);
  }

  async close(): Promise<void> {
    await Promise.all([this.app.close(), this.owner.destroy(), this.simulator.close()]);
    await rm(this.dataDir, { recursive: true });
  }

  /** Removes jobs that other tests left, and ends Telegram's faults. */
  async quiet(): Promise<void> {
    await this.owner.query(`update jobs set state = 'parked'`);
    await this.telegram.setFaults({ rules: [] });
  }

  async openShop(): Promise<StarShop> {
    const shop = await openShop(this.db);
    const username = `b${newUuid().replaceAll('-', '').slice(-20)}_bot`;
    const { id, token } = await this.telegram.createBot({ username, name: 'Shop' });
    await giveToken(shop, token);
    this.app.get(BotDirectory).forget(shop.botId);
    await this.telegram.createUser({ id: shop.buyerId, first_name: 'Bea' });
    return { ...shop, token, bot: this.simulator.world.bot(id) };
  }

  /** Makes a sale for which Telegram has taken 50 Stars. @param told false if its update was lost */
  async sell(shop: StarShop, told = true, changes: Partial<Payment> = {}): Promise<Sale> {
    this.updateId += 1;
    const placing = { ...shop, updateId: this.updateId };
    const order = await shop.in(async (tx) => (await this.sales.checkout.place(tx, placing, new Date())).order);
    const payment = paymentFor(order, changes);
    this.list(shop, payment.telegramChargeId, payment.occurredAt, publicId('order', order.id));
    if (told) await shop.in((tx) => this.sales.payments.record(tx, payment, new Date()));
    return { order, payment };
  }

  /** Adds a row to Telegram's list: a payment of the shop's buyer, unless changed. */
  list(shop: StarShop, id: string, at: Date, payload: string, row: Partial<Row> = {}): void {
    const person = { id: shop.buyerId, is_bot: false, first_name: 'Bea', username: 'bea' };
    const source = {
      type: 'user',
      transaction_type: 'invoice_payment',
      user: person,
      invoice_payload: payload,
    } as const;
    const date = Math.floor(at.getTime() / 1_000);
    const partner = row.receiver === undefined ? { source } : {};
    shop.bot.ledger.add({ id, amount: 50, date, ...partner, ...row });
  }

  /** Refunds as another program with the bot's token, without an update from Telegram. */
  refundElsewhere(shop: StarShop, chargeId: string): void {
    const payment = shop.bot.ledger.payment(chargeId);
    if (payment?.source === undefined) throw new Error('there is no such payment');
    const { id, amount, source: receiver } = payment;
    shop.bot.ledger.add({ id, amount, date: Math.floor(Date.now() / 1_000), receiver });
  }

  /** Runs all due jobs of a queue once. @returns the number of due jobs */
  async work(queue: Queue): Promise<number> {
    const { jobs: due } = await this.db.inPlatform('a test', (tx) => this.jobs.claim(tx, queue, 100));
    await Promise.all(due.map((job) => this.desk.work(job)));
    return due.length;
  }

  /** Makes waiting jobs due now, including those held by a dead worker. */
  async makeDue(shop: Shop): Promise<void> {
    await this.owner.query(
      `update jobs set due_at = now(), lease_until = least(lease_until, now() - interval '1 second')
       where tenant_id = $1 and state = 'waiting'`,
      [shop.tenantId],
    );
  }

  async callsOf(shop: StarShop, method: string): Promise<number> {
    return (await this.telegram.calls(shop.bot.id)).filter((call) => call.method === method).length;
  }

  async count(shop: Shop, sql: string): Promise<number> {
    const rows = await shop.in((tx) => tx.query<{ n: number }>(`select count(*)::int as n from ${sql}`));
    return rows[0]?.n ?? 0;
  }

  balance(shop: Shop): Promise<number> {
    return shop.in((tx) => this.sales.ledger.balance(tx, shop.botId, 'telegram'));
  }

  get services() {
    return this.sales;
  }
}
