import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Test, type TestingModule } from '@nestjs/testing';
import type { DataSource } from 'typeorm';
import { CatalogModule, type NewProduct } from '#libs/catalog';
import { Database, DatabaseModule, RoomsModule, type TenantTx } from '#libs/database';
import { JournalModule } from '#libs/journal';
import { DAY, newUuid } from '#libs/kernel';
import { QuotasModule } from '#libs/quotas';
import { RemovalService, RightsModule } from '#libs/rights';
import { ALL_ROOMS } from '#libs/rooms';
import { readConfig, RuntimeModule } from '#libs/runtime';
import { SubscriptionService } from '#libs/sales';
import { BotService } from '#libs/tenants';
import { VaultModule } from '#libs/vault';
import { type Simulator, SimulatorClient, startSimulator } from '../../apps/simulator/src/index.js';
import { openAsOwner, testDatabaseUrl, testMasterKey } from './database.js';
import { paymentFor, salesServices, telegramId } from './shop.js';

export const WISH = { by: 'acc_test', acknowledged: false } as const;
export const ACCEPTED = { by: 'acc_test', acknowledged: true } as const;

export interface RegisteredBot {
  readonly id: string;
  readonly telegramId: number;
  readonly token: string;
}

/** Removals of bots on a real database against the simulator, with a separate clock and without a worker. */
export class RemovalWorks {
  now = new Date();
  tenantId = '';
  /** The bot that is removed, unless another one is given. */
  bot: RegisteredBot = { id: '', telegramId: 0, token: '' };
  private updateId = 0;
  private readonly sales = salesServices();
  private readonly dataDir = mkdtempSync(join(tmpdir(), 'starwall-removals-'));
  private app!: TestingModule;
  owner!: DataSource;
  simulator!: Simulator;
  telegram!: SimulatorClient;

  static async open(): Promise<RemovalWorks> {
    const works = new RemovalWorks();
    [works.owner, works.simulator] = await Promise.all([openAsOwner(), startSimulator()]);
    works.telegram = new SimulatorClient(works.simulator.url);
    const config = readConfig({
      DATABASE_URL: testDatabaseUrl(),
      TELEGRAM_API_ROOT: works.simulator.url,
      STARWALL_MASTER_KEY: testMasterKey,
    });
    works.app = await Test.createTestingModule({
      imports: [
        RuntimeModule.with(config, { now: () => works.now }),
        DatabaseModule.with({ url: config.databaseUrl, name: 'test' }),
        RoomsModule.with(ALL_ROOMS),
        VaultModule,
        JournalModule.with(),
        QuotasModule,
        CatalogModule.with({ dataDir: works.dataDir, s3: undefined }),
        RightsModule,
      ],
    }).compile();
    return works;
  }

  async close(): Promise<void> {
    await Promise.all([this.app.close(), this.owner.destroy(), this.simulator.close()]);
    rmSync(this.dataDir, { recursive: true });
  }

  /** Creates a new workspace with one bot, and sets the clock to now. */
  async begin(): Promise<void> {
    this.now = new Date();
    this.tenantId = newUuid();
    await this.owner.query(`insert into tenants (id, name) values ($1, 'A shop')`, [this.tenantId]);
    this.bot = await this.newBot();
  }

  /** Registers another bot of the workspace. */
  async newBot(): Promise<RegisteredBot> {
    const username = `b${newUuid().replaceAll('-', '').slice(-20)}_bot`;
    const { id, token } = await this.telegram.createBot({ username, name: 'Shop' });
    const bots = this.app.get(BotService, { strict: false });
    const made = await bots.register(this.tenantId, { token, environment: 'production', takeOver: false });
    return { id: made.id, telegramId: id, token };
  }

  /** Places an unpaid order. */
  async ordered(of = this.bot, kind: 'text' | 'subscription' = 'text', buyerId = telegramId()) {
    const content = kind === 'text' ? 'goods' : undefined;
    const product = { botId: of.id, kind, title: 'Plan', description: 'A plan', stars: 50, content };
    this.updateId += 1;
    const place = { botId: of.id, buyerId, updateId: this.updateId };
    return this.in(async (tx) => {
      await this.sales.buyers.remember(tx, of.id, { id: buyerId, first_name: 'Buyer' });
      const made = await this.sales.products.create(tx, product as NewProduct);
      return (await this.sales.checkout.place(tx, { ...place, productId: made.id }, this.now)).order;
    });
  }

  /** @returns the id of a subscription that renews */
  async subscribed(of = this.bot, buyerId?: number): Promise<string> {
    const order = await this.ordered(of, 'subscription', buyerId);
    const recurring = { until: new Date(this.now.getTime() + 30 * DAY), first: true };
    await this.in((tx) => this.sales.payments.record(tx, paymentFor(order, { recurring }), this.now));
    // Leaves nothing to be delivered.
    await this.owner.query(`update orders set delivery = 'delivered', delivered_at = now() where id = $1`, [order.id]);
    return order.id;
  }

  /** Makes Telegram stop this renewal. @param told whether the buyer knows */
  stopped(id: string, told = true): Promise<void> {
    return this.in(async (tx) => {
      await this.subscriptions.edited(tx, id, 'cancel', this.now);
      if (told) await this.subscriptions.told(tx, id, 'farewell', this.now);
    });
  }

  /** Makes Telegram permanently refuse to stop this renewal. */
  refused(id: string): Promise<void> {
    return this.in((tx) => this.subscriptions.editFailed(tx, id, 'cancel', 'CHARGE_ID_INVALID', this.now));
  }

  /** Inserts an update that no worker has claimed. */
  updateCame(): Promise<unknown> {
    return this.owner.query(
      `insert into inbox (tenant_id, bot_id, update_id, lane, kind, body) values ($1, $2, 7, 1, 'message', '{}')`,
      [this.tenantId, this.bot.id],
    );
  }

  updateHandled(): Promise<unknown> {
    return this.owner.query(`update inbox set state = 'done', handled_at = now() where bot_id = $1`, [this.bot.id]);
  }

  in<T>(work: (tx: TenantTx) => Promise<T>): Promise<T> {
    return this.app.get(Database).inTenant(this.tenantId, work);
  }

  get removals(): RemovalService {
    return this.app.get(RemovalService);
  }

  get subscriptions(): SubscriptionService {
    return this.app.get(SubscriptionService, { strict: false });
  }

  ask(wish: typeof WISH | typeof ACCEPTED, of = this.bot): Promise<void> {
    return this.removals.ask(this.tenantId, of.id, wish);
  }

  step(of = this.bot) {
    return this.removals.step(this.tenantId, of.id);
  }

  progress(of = this.bot) {
    return this.in((tx) => this.removals.progress(tx, of.id));
  }

  async stateOf(of = this.bot): Promise<string> {
    return (
      (await this.owner.query<{ state: string }[]>(`select state from bots where id = $1`, [of.id]))[0]?.state ?? ''
    );
  }

  /** Returns the number of events of this type. */
  async countEvents(type: string): Promise<number> {
    const found = await this.owner.query<unknown[]>(`select 1 from events where tenant_id = $1 and type = $2`, [
      this.tenantId,
      type,
    ]);
    return found.length;
  }

  /** Returns the subscriptions that Telegram is asked to stop. */
  async requested(of = this.bot): Promise<string[]> {
    const rows = await this.owner.query<{ id: string }[]>(
      `select id from subscriptions where bot_id = $1 and wish = 'cancel' order by id`,
      [of.id],
    );
    return rows.map(({ id }) => id);
  }

  async webhookOf(of = this.bot): Promise<string> {
    return (await this.telegram.webhook(of.telegramId)).url;
  }
}
