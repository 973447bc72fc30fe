import type { EndpointFacts } from '#libs/delivery';
import { MINUTE, publicId, stars } from '#libs/kernel';
import { type BuyerRow, type ChargeRow, newOrder, type OrderRow, type RefundRow } from '#libs/sales';
import type { BotFacts } from '#libs/tenants';

export interface Sample {
  readonly data: Readonly<Record<string, unknown>>;
  readonly previous?: Readonly<Record<string, unknown>>;
}

/**
 * The id of every object in a sample, so that it is not mistaken for a real one: `ord_00000000000000000000000000`.
 */
export const ID = '00000000-0000-0000-0000-000000000000';
export const TELEGRAM_ID = 1;
export const metadata = { starwall_test: 'true' };

/** One order, in the states of a sale. */
export function ordersAt(now: Date) {
  const ago = (ms: number) => new Date(now.getTime() - ms);
  const wanted = {
    tenantId: ID,
    botId: ID,
    buyerId: TELEGRAM_ID,
    productId: ID,
    priceVersion: 1,
    stars: stars(50),
    billing: 'purchase',
    placedByUpdate: null,
    source: 'test',
  } as const;
  const placed: OrderRow = { ...newOrder(wanted, now), id: ID, eventSequence: 1, metadata, createdAt: ago(MINUTE) };
  const approved: OrderRow = { ...placed, state: 'approved', approvedAt: now };
  const paid: OrderRow = { ...approved, state: 'paid', delivery: 'waiting', paidAt: now };
  const delivered = { delivery: 'delivered', deliveredAt: now } as const;
  const refunded = { state: 'refunded', delivery: 'revoked', refundedAt: now } as const;
  return { placed, approved, paid, delivered, refunded };
}

/** Its charge, and the refund of that charge. */
export function moneyAt(now: Date) {
  const charge: ChargeRow = {
    tenantId: ID,
    id: ID,
    botId: ID,
    telegramChargeId: 'test_charge',
    providerChargeId: null,
    orderId: ID,
    buyerId: TELEGRAM_ID,
    stars: stars(50),
    payload: publicId('order', ID),
    match: 'order',
    state: 'paid',
    source: 'update',
    metadata,
    occurredAt: now,
    createdAt: now,
  };
  const refund: RefundRow = {
    tenantId: ID,
    id: ID,
    chargeId: ID,
    orderId: ID,
    state: 'requested',
    reason: 'A test.',
    requestedBy: publicId('account', ID),
    failure: null,
    delayedSince: null,
    credits: null,
    metadata,
    createdAt: now,
    updatedAt: now,
  };
  return { charge, refund };
}

/** The product, the bot, the buyer and the endpoint of the samples. */
export function thingsAt(now: Date) {
  const [createdAt, updatedAt] = [now, now];
  const bot: BotFacts = {
    id: ID,
    environment: 'production' as const,
    telegramId: TELEGRAM_ID,
    username: 'starwall_test_bot',
    name: 'A test',
    state: 'active',
    tokenLast4: 'test',
    supportText: 'Write to us.',
    termsText: null,
    termsVersion: null,
    metadata,
    stoppedAt: null,
    stoppedBecause: null,
    createdAt,
  };
  const endpoint: EndpointFacts = {
    id: ID,
    url: 'https://shop.example.com/webhooks',
    description: 'A test',
    eventTypes: [],
    state: 'enabled',
    disabledBecause: null,
    failingSince: null,
    failure: null,
    previousSecretUntil: null,
    metadata,
    createdAt,
    updatedAt,
  };
  const person = { firstName: 'Ada', lastName: null, username: 'test', usernameKey: 'test', languageCode: 'en' };
  const key = { tenantId: ID, botId: ID, telegramId: TELEGRAM_ID };
  const buyer: BuyerRow = { ...key, ...person, reachable: true, metadata, createdAt, updatedAt };
  const price = { priceVersion: 1, stars: stars(50) };
  const goods = { kind: 'text', content: null, fileId: null, chatId: null, chatReady: true, terms: {} } as const;
  const nothing = {
    creditUnit: null,
    creditAmount: null,
    creditDays: null,
    fulfilmentUrl: null,
    fulfilmentDeadlineSeconds: null,
    refundAtDeadline: null,
    photoFileId: null,
    photoUrl: null,
    stock: null,
    limitPerBuyer: null,
    tags: [],
    hidden: false,
    saleStartsAt: null,
    saleEndsAt: null,
  };
  const words = { title: 'A test', description: 'It cannot be bought.', state: 'active', position: 0 } as const;
  const ids = { tenantId: ID, id: ID, botId: ID };
  const product = { ...ids, ...goods, ...words, ...price, ...nothing, metadata, createdAt, updatedAt };
  return { bot, endpoint, buyer, product };
}

/** A payment for something that the bot sold before it was registered. */
export const strayAt = (now: Date) => ({
  id: ID,
  botId: ID,
  updateId: 1,
  kind: 'successful_payment' as const,
  reason: 'currency' as const,
  telegramChargeId: 'test',
  currency: 'EUR',
  amount: '499',
  buyerId: TELEGRAM_ID,
  payload: 'test',
  occurredAt: now,
  createdAt: now,
});
