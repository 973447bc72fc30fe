import { productEventView, stockWarningView } from '#libs/catalog';
import { endpointView } from '#libs/delivery';
import { type EventType, parkedView, previousOf } from '#libs/journal';
import { DAY, publicId } from '#libs/kernel';
import { type CreditCause, creditChangeView } from '#libs/ledger';
import { warningView } from '#libs/quotas';
import { type ClosureRow, closureView, erasureView, type RemovalProgress, removalView } from '#libs/rights';
import {
  buyerView,
  chargeView,
  fulfilmentView,
  type OrderRow,
  orderView,
  type ReconciliationRow,
  reconciliationView,
  refundView,
  strayPaymentView,
} from '#libs/sales';
import { failedView, receivedView } from '#libs/support';
import { type BotFacts, botView, standingView } from '#libs/tenants';
import { spendingSamples } from './spending-samples.js';
import { chatSamples } from './chat-samples.js';
import { outageSamples } from './outage-samples.js';
import { subscriptionSamples } from './subscription-samples.js';
import { ID, moneyAt, ordersAt, type Sample, strayAt, TELEGRAM_ID, thingsAt } from './sample-rows.js';

const removalAt = (now: Date): RemovalProgress => ({
  removal: { id: ID, botId: ID, state: 'stuck', acknowledgedAt: null, createdAt: now, endedAt: null },
  stopped: 41,
  left: [{ kind: 'renewal', pending: 0, failed: 1 }],
  failures: [{ kind: 'renewal', id: ID, failure: 'Bad Request: CHARGE_ID_INVALID' }],
});

type Json = Readonly<Record<string, unknown>>;

/**
 * Returns a sample of each type of event, made by the same views as real ones. A new type does not compile without a
 * sample.
 * @param now the time of the events
 */
export function samplesAt(now: Date): Readonly<Record<EventType, Sample>> {
  const { placed, approved, paid, ...order } = ordersAt(now);
  const { charge, refund } = moneyAt(now);
  const { bot, endpoint, buyer, product } = thingsAt(now);
  const changed = (before: object, after: object): Sample => ({
    data: { ...after },
    previous: previousOf({ ...before }, { ...after }),
  });
  const orders = (before: OrderRow, changes: Partial<OrderRow>) =>
    changed(orderView(before), orderView({ ...before, ...changes }));
  const bots = (changes: Partial<BotFacts>) => changed(botView(bot), botView({ ...bot, ...changes }));
  const told = { endpoint: endpointView(endpoint), product: productEventView(product), refund: refundView(refund) };
  return {
    'order.placed': { data: orderView(placed) },
    'order.approved': orders(placed, approved),
    'order.unlocked': orders(placed, { unlockedAt: now }),
    'order.paid': withMore(orders(approved, paid), { charge: chargeView(charge) }),
    'order.generating': withMore(orders(paid, { delivery: 'generating' }), { fulfilment: fulfilmentAt(now) }),
    'order.fulfilment_refused': withMore(
      { data: orderView(paid) },
      { fulfilment: fulfilmentAt(now, 'your server answered 401') },
    ),
    'order.fulfilment_recovered': withMore({ data: orderView(paid) }, { fulfilment: fulfilmentAt(now) }),
    'order.delivered': orders(paid, order.delivered),
    'order.delivery_failed': orders(paid, { delivery: 'failed', deliveryError: 'The buyer has blocked the bot.' }),
    'order.refunded': orders({ ...paid, ...order.delivered }, order.refunded),
    'order.updated': changed(orderView({ ...paid, metadata: {} }), orderView(paid)),
    'order.expired': orders(placed, { state: 'expired' }),
    'order.cancelled': orders(placed, { state: 'cancelled' }),
    'charge.unmatched': { data: chargeView({ ...charge, match: 'unmatched', orderId: null, payload: 'test' }) },
    'charge.updated': changed(chargeView({ ...charge, metadata: {} }), chargeView(charge)),
    'payment.stray': { data: strayPaymentView(strayAt(now)) },
    ...subscriptionSamples(now),
    ...spendingSamples(now),
    ...chatSamples(now),
    'refund.requested': { data: told.refund },
    'refund.delayed': {
      data: refundView({
        ...refund,
        requestedBy: 'system',
        failure: 'Bad Request: BALANCE_TOO_LOW',
        delayedSince: now,
      }),
    },
    'refund.succeeded': { data: refundView({ ...refund, state: 'refunded' }) },
    'refund.failed': { data: refundView({ ...refund, state: 'failed', failure: 'Bad Request: USER_ID_INVALID' }) },
    'refund.updated': changed(refundView({ ...refund, metadata: {} }), told.refund),
    'buyer.updated': changed(buyerView({ ...buyer, metadata: {} }), buyerView(buyer)),
    'buyer.erased': { data: erasureAt(now) },
    'product.created': { data: told.product },
    'product.updated': changed({ ...told.product, stars: 40, price_version: 1 }, { ...told.product, price_version: 2 }),
    'product.archived': changed(told.product, { ...told.product, state: 'archived' }),
    'product.stock_low': { data: stockWarningView(ID, 5, 5) },
    'bot.registered': { data: botView(bot) },
    'bot.updated': changed(botView({ ...bot, supportText: null }), botView(bot)),
    'bot.paused': bots({ state: 'paused' }),
    'bot.resumed': changed(botView({ ...bot, state: 'paused' }), botView(bot)),
    'bot.token_rotated': bots({ tokenLast4: 'next' }),
    'bot.token_invalid': bots({ state: 'token_invalid' }),
    'bot.stopped': bots({ stoppedAt: now, stoppedBecause: 'It sends spam.' }),
    'bot.released': changed(botView({ ...bot, stoppedAt: now, stoppedBecause: 'It sends spam.' }), botView(bot)),
    'bot.removing': bots({ state: 'removing' }),
    'bot.removal_stuck': { data: removalView(removalAt(now)) },
    'bot.removed': bots({ state: 'removed' }),
    'reconciliation.difference': { data: reconciliationView(differenceAt(now)) },
    'reconciliation.failing': { data: reconciliationView(failureAt(now)) },
    'credits.granted': { data: creditsView('grant', 10) },
    'credits.spent': { data: creditsView('debit', 3) },
    'credits.expired': { data: creditsView('expiry', 7) },
    'credits.clawed_back': { data: creditsView('refund', 7) },
    'support.message_received': { data: receivedView({ ...message, id: ID, orderId: ID }, ID, now) },
    'support.message_failed': {
      data: failedView(message, 'unreachable', 'Forbidden: bot was blocked by the user'),
    },
    'workspace.restricted': {
      data: standingView(ID, 'no_new_sales', 'Buyers complain about fakes.', null),
      previous: { state: 'active' },
    },
    'workspace.lifted': { data: standingView(ID, 'active', null, null), previous: { state: 'no_new_sales' } },
    'workspace.closing': { data: closureView(closureAt(now)) },
    'workspace.kept': changed(
      closureView(closureAt(now)),
      closureView({ ...closureAt(now), state: 'cancelled', endedAt: now }),
    ),
    'workspace.closed': { data: closureView({ ...closureAt(now), state: 'done', endedAt: now }) },
    'quota.warning': { data: warningView('orders_per_month', 80, 100, now) },
    ...outageSamples(now, endpoint),
    'job.parked': {
      data: parkedView({ kind: 'bot.menu', subject: ID, attempts: 12 }, 'setMyCommands: 500 Internal Server Error'),
    },
    'endpoint.test': { data: told.endpoint },
  };
}

const withMore = ({ data, ...rest }: Sample, more: Json): Sample => ({ ...rest, data: { ...data, ...more } });

const erasureAt = (now: Date) => {
  const keepUntil = new Date(now.getTime() + 30 * DAY);
  return erasureView({ id: ID, pseudonym: -TELEGRAM_ID, keepUntil, createdAt: now });
};

const closureAt = (now: Date): ClosureRow => ({
  id: ID,
  state: 'pending',
  requestedBy: publicId('account', ID),
  reason: 'A test.',
  dueAt: new Date(now.getTime() + 30 * DAY),
  createdAt: now,
  endedAt: null,
});

const fulfilmentAt = (now: Date, lastError: string | null = null) =>
  fulfilmentView({
    state: lastError === null ? 'generating' : 'requested',
    attempts: 1,
    lastError,
    refusedSince: lastError === null ? null : now,
    deadlineAt: new Date(now.getTime() + DAY),
  });

const message = { messageId: ID, threadId: ID, botId: ID, buyerId: TELEGRAM_ID };

const creditsView = (cause: CreditCause, amount: number) =>
  creditChangeView(
    { buyerId: TELEGRAM_ID, unit: 'test', balance: 10, reserved: 0 },
    { cause, causeId: ID, amount, reason: 'A test.' },
  );

const differenceAt = (now: Date): ReconciliationRow => ({
  tenantId: ID,
  id: ID,
  botId: ID,
  state: 'succeeded',
  trigger: 'schedule',
  rowsRead: 1,
  rowsNew: 0,
  healedPayments: 0,
  healedRefunds: 0,
  unknownHere: 0,
  unknownThere: 0,
  fullReadBecause: null,
  balanceTelegram: 51,
  balanceOurs: 50,
  difference: 1,
  unexplained: 1,
  explanation: {
    telegram: { stars: 51, nanostars: 0 },
    ours: 50,
    difference: { stars: 1, nanostars: 0 },
    lines: [],
    unexplained: { stars: 1, nanostars: 0 },
    stoodStill: true,
    unknownThere: [],
    unknownHere: [],
  },
  error: null,
  startedAt: now,
  finishedAt: now,
});

const failureAt = (now: Date): ReconciliationRow => ({
  ...differenceAt(now),
  state: 'failed',
  error: 'Telegram answers 500: Internal Server Error',
  balanceTelegram: null,
  balanceOurs: null,
  difference: null,
  unexplained: null,
  explanation: null,
});
