import { randomInt } from 'node:crypto';
import { LicencePool, type NewProduct, ProductService } from '#libs/catalog';
import { ChatAccessService, ChatAccessStore, ChatMigrations, ChatService, ChatStore } from '#libs/chats';
import type { Database, TenantTx } from '#libs/database';
import { EventStore, JobStore } from '#libs/journal';
import { newUuid, publicId, stars } from '#libs/kernel';
import {
  CreditBook,
  CreditPackService,
  CreditReader,
  CreditRequestStore,
  CreditService,
  LedgerService,
  OrderCredits,
} from '#libs/ledger';
import {
  BuyerService,
  CheckoutService,
  CreditOrderService,
  CreditUseService,
  FulfilmentService,
  FulfilmentStore,
  HeldCharges,
  ManualDeliveryService,
  OfferStore,
  MediaSales,
  type OrderRow,
  OrderEndingService,
  OrderService,
  OrderStore,
  PromoService,
  PromoStore,
  type Payment,
  PaymentService,
  RefundService,
  SubscriptionList,
  SubscriptionPayments,
  SubscriptionService,
  SubscriptionStore,
} from '#libs/sales';
import { PaymentSettlement } from '../../libs/sales/src/checkout/payment-settlement.service.js';
import { PaymentTargets } from '../../libs/sales/src/checkout/payment-targets.service.js';
import { RefundGoods } from '../../libs/sales/src/refunds/refund-goods.service.js';
import { RefundStore } from '../../libs/sales/src/refunds/refund.store.js';
import { testBox } from './database.js';
import { quotasAt } from './quotas.js';

/** Creates the services of a sale on a real database, without Nest. */
export function salesServices() {
  const events = new EventStore();
  const [jobs, ledger, products, orderStore] = [
    new JobStore(),
    new LedgerService(),
    new ProductService(events, quotasAt()),
    new OrderStore(events),
  ];
  const [book, creditReader] = [new CreditBook(events, jobs), new CreditReader()];
  const licences = new LicencePool(events);
  const packs = new CreditPackService(book, creditReader);
  const accessStore = new ChatAccessStore(events, jobs);
  const chatStore = new ChatStore(events, jobs);
  const subscriptionStore = new SubscriptionStore(events, jobs, accessStore);
  const subscriptions = new SubscriptionService(subscriptionStore);
  const subscriptionPayments = new SubscriptionPayments(subscriptionStore, jobs);
  const [promoStore, buyers] = [new PromoStore(), new BuyerService()];
  const offers = new OfferStore(buyers, orderStore);
  const media = new MediaSales(orderStore, jobs);
  const refunds = new RefundService(
    orderStore,
    ledger,
    promoStore,
    new RefundStore(jobs),
    new RefundGoods(packs, subscriptions, licences, accessStore, jobs),
    events,
    jobs,
  );
  const fulfilmentStore = new FulfilmentStore(jobs);
  const orderCredits = new OrderCredits(book, creditReader);
  const creditOrders = new CreditOrderService(orderStore, orderCredits);
  const fulfilments = new FulfilmentService(orderStore, fulfilmentStore, refunds, creditOrders, jobs);
  const settlement = new PaymentSettlement(
    orderStore,
    quotasAt(),
    fulfilmentStore,
    licences,
    packs,
    promoStore,
    subscriptionPayments,
    accessStore,
    jobs,
  );
  const refundStore = new RefundStore(jobs);
  return {
    held: new HeldCharges(refundStore, orderStore, products, buyers, settlement, ledger),
    ledger,
    packs,
    creditReader,
    credits: new CreditService(book, creditReader, new CreditRequestStore()),
    products,
    promos: new PromoService(promoStore, products),
    refunds,
    buyers,
    checkout: new CheckoutService(orderStore, offers, products, subscriptionPayments, promoStore, events),
    uses: new CreditUseService(orderStore, products, orderCredits, fulfilmentStore, events, jobs),
    payments: new PaymentService(
      new PaymentTargets(orderStore, offers, subscriptionPayments, media, buyers),
      settlement,
      products,
      subscriptionPayments,
      refunds,
      ledger,
      events,
    ),
    media,
    chats: new ChatService(events, chatStore, new ChatMigrations(chatStore, accessStore)),
    accessStore,
    accesses: new ChatAccessService(accessStore),
    subscriptions,
    subscriptionList: new SubscriptionList(),
    endings: new OrderEndingService(orderStore, products, promoStore),
    orders: new OrderService(orderStore, jobs, packs, fulfilmentStore, orderCredits, creditOrders),
    fulfilmentStore,
    fulfilments,
    manual: new ManualDeliveryService(orderStore, jobs, fulfilments, creditOrders),
  };
}

export const telegramId = () => randomInt(1_000_000, 2 ** 47);

export interface Shop {
  readonly tenantId: string;
  readonly botId: string;
  readonly buyerId: number;
  readonly productId: string;
  in<T>(work: (tx: TenantTx) => Promise<T>): Promise<T>;
}

/** Creates a new tenant with a bot, a product for 50 Stars and a buyer, because tests never share one. */
export async function openShop(db: Database, product: Partial<NewProduct> = {}): Promise<Shop> {
  const [tenantId, botId, buyerId] = [newUuid(), newUuid(), telegramId()];
  await db.inPlatform('build a shop for a test', async (tx) => {
    await tx.query(`insert into tenants (id, name) values ($1, 'A shop')`, [tenantId]);
    await tx.query(
      `insert into bots (tenant_id, id, telegram_id, username, name, info, token_sealed, token_last4, state)
       values ($1, $2, $3, 'shop_bot', 'Shop', '{}', '\\x00', 'last', 'active')`,
      [tenantId, botId, telegramId()],
    );
  });
  const input = {
    botId,
    kind: 'text',
    title: 'Guide',
    description: 'A guide',
    stars: 50,
    content: 'goods',
    ...product,
  };
  const made = await db.inTenant(tenantId, async (tx) => {
    await new BuyerService().remember(tx, botId, { id: buyerId, first_name: 'Buyer' });
    return new ProductService(new EventStore(), quotasAt()).create(tx, input as NewProduct);
  });
  return { tenantId, botId, buyerId, productId: made.id, in: (work) => db.inTenant(tenantId, work) };
}

/** Sets the token of the shop's bot. */
export async function giveToken(shop: Pick<Shop, 'botId' | 'in'>, token: string): Promise<void> {
  await shop.in(async (tx) => {
    const sealed = await testBox().seal(tx, token, { column: 'bots.token', rowId: shop.botId });
    await tx.query('update bots set token_sealed = $3 where tenant_id = $1 and id = $2', [
      tx.tenantId,
      shop.botId,
      sealed,
    ]);
  });
}

/** Builds Telegram's report of a paid order. */
export const paymentFor = (order: OrderRow, changes: Partial<Payment> = {}): Payment => ({
  botId: order.botId,
  buyerId: order.buyerId,
  stars: stars(order.stars),
  payload: publicId('order', order.id),
  telegramChargeId: `stx${newUuid()}`,
  providerChargeId: `${order.buyerId}_1`,
  occurredAt: new Date(),
  source: 'update',
  ...changes,
});
