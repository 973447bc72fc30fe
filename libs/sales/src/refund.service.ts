import { Injectable } from '@nestjs/common';
import { LicencePool } from '#libs/catalog';
import { ChatAccessStore } from '#libs/chats';
import type { TenantTx } from '#libs/database';
import { EventStore, JobStore, previousOf } from '#libs/journal';
import { newUuid, NotFound, type Stars } from '#libs/kernel';
import { CreditPackService, LedgerService, returned } from '#libs/ledger';
import { ChargeRow } from './charge.entity.js';
import { OrderRow } from './order.entity.js';
import { ChargeNotListed, isUnlocked } from './order.js';
import { OrderStore } from './order.store.js';
import { PromoStore } from './promo.store.js';
import {
  AlreadyRefunded,
  assertRefundMove,
  BuyerErased,
  isOpen,
  NothingToRefund,
  PaidWithCredits,
  type RefundReported,
  type RefundState,
} from './refund.js';
import { RefundRow } from './refund.entity.js';
import { SubscriptionService } from './subscription.service.js';
import { orderView, refundView } from './view.js';

export interface RefundWish {
  readonly reason: string | null;
  /** An account's public id, `system` or `telegram`. */
  readonly by: string;
  /** The creator's notes, for a refund that is made now. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

export interface OpenRefund {
  readonly refund: RefundRow;
  readonly charge: ChargeRow;
}

export interface RefundNotice {
  readonly botId: string;
  readonly buyerId: number;
  readonly languageCode: string | null;
  readonly stars: Stars;
  /** Of what had been bought; null for money that paid for nothing. */
  readonly productId: string | null;
  readonly title: string | null;
}

const LOCK = { mode: 'pessimistic_write' } as const;

/**
 * Gives Stars back: always all of them (Bot API, refundStarPayment). Intent, call, confirmation are three steps, so that a crash
 * at any line runs into the same end. Goods are taken back with the intent, not with the confirmation.
 */
@Injectable()
export class RefundService {
  constructor(
    private readonly orders: OrderStore,
    private readonly ledger: LedgerService,
    private readonly packs: CreditPackService,
    private readonly subscriptions: SubscriptionService,
    private readonly licences: LicencePool,
    private readonly promos: PromoStore,
    private readonly accesses: ChatAccessStore,
    private readonly events: EventStore,
    private readonly jobs: JobStore,
  ) {}

  /**
   * Asks for the refund of a paid order. Asked again while one is under way, it answers with that one.
   * @throws NotFound, NothingToRefund when the order was never paid, PaidWithCredits, ChargeNotListed, AlreadyRefunded, BuyerErased
   */
  async request(tx: TenantTx, orderId: string, wish: RefundWish, now: Date): Promise<RefundRow> {
    const order = await tx.manager.findOne(OrderRow, {
      where: { tenantId: tx.tenantId, id: orderId },
      lock: { mode: 'pessimistic_write' },
    });
    if (order === null) throw new NotFound('order');
    if (order.state === 'refunded') throw new AlreadyRefunded();
    if (order.billing === 'credits') throw new PaidWithCredits();
    if (isUnlocked(order)) throw new ChargeNotListed();
    const charge = await tx.manager.findOne(ChargeRow, {
      where: { tenantId: tx.tenantId, orderId, match: 'order' },
      lock: { mode: 'pessimistic_write' },
    });
    if (charge === null) throw new NothingToRefund();
    return this.requestForCharge(tx, charge, wish, now);
  }

  /**
   * The same for one charge, whatever it is to us: money that paid no order goes back this way.
   * @throws NotFound, AlreadyRefunded
   */
  async requestByCharge(tx: TenantTx, chargeId: string, wish: RefundWish, now: Date): Promise<RefundRow> {
    const charge = await this.lockCharge(tx, chargeId);
    if (charge === undefined) throw new NotFound('charge');
    return this.requestForCharge(tx, charge, wish, now);
  }

  /** The same for a charge whose lock, and whose order's, the caller holds. */
  async requestForCharge(tx: TenantTx, charge: ChargeRow, wish: RefundWish, now: Date): Promise<RefundRow> {
    const live = await this.liveRefund(tx, charge.id);
    if (live?.state === 'refunded') throw new AlreadyRefunded();
    if (live !== undefined) {
      await this.wake(tx, live);
      return live;
    }

    if (charge.buyerId < 0) await this.requirePerson(tx, charge.buyerId);
    const asked = await this.insert(tx, charge, wish, now);
    await tx.manager.update(ChargeRow, { tenantId: tx.tenantId, id: charge.id }, { state: 'refund_pending' });
    const refund = await this.takeGoods(tx, { refund: asked, charge }, now);
    await this.jobs.enqueue(tx, [{ kind: 'refund.execute', subject: refund.id }]);
    await this.record(tx, 'refund.requested', refund, charge);
    return refund;
  }

  /**
   * The refund to work on. One that is `sent` was left behind by a try that died: whether its call was made is unknown.
   * @returns undefined when nothing is left to do
   */
  async pick(tx: TenantTx, refundId: string, now: Date): Promise<OpenRefund | undefined> {
    const open = await this.lockOpen(tx, refundId);
    if (open === undefined || !isOpen(open.refund.state)) return undefined;
    if (open.refund.state !== 'sent') return open;
    return { ...open, refund: await this.move(tx, open.refund, 'unknown', 'The call was cut off.', now) };
  }

  /**
   * Marks the call as about to be made. Whoever begins an `unknown` refund has looked at Telegram's list and not found it there.
   * @returns whether to make the call
   */
  async begin(tx: TenantTx, refundId: string, now: Date): Promise<boolean> {
    const open = await this.lockOpen(tx, refundId);
    if (open === undefined || !isOpen(open.refund.state) || open.refund.state === 'sent') return false;
    await this.move(tx, open.refund, 'sent', null, now);
    return true;
  }

  /** The answer did not come (`unknown`) or said that nothing was done yet (`requested`): the refund stays open. */
  async postpone(
    tx: TenantTx,
    refundId: string,
    state: 'requested' | 'unknown',
    why: string,
    now: Date,
  ): Promise<void> {
    const open = await this.lockOpen(tx, refundId);
    if (open?.refund.state === 'sent') await this.move(tx, open.refund, state, why, now);
  }

  /** Telegram has given the Stars back, whoever asked for it. Idempotent. */
  async succeed(tx: TenantTx, refundId: string, now: Date): Promise<void> {
    const open = await this.lockOpen(tx, refundId);
    if (open !== undefined && isOpen(open.refund.state)) await this.conclude(tx, open, now);
  }

  /** Telegram refused for good: the buyer keeps the goods, the creator reads why and may ask again. */
  async fail(tx: TenantTx, refundId: string, why: string, now: Date): Promise<void> {
    const open = await this.lockOpen(tx, refundId);
    if (open?.refund.state !== 'sent') return;
    const failed = await this.move(tx, open.refund, 'failed', why, now);
    await tx.manager.update(ChargeRow, { tenantId: tx.tenantId, id: open.charge.id }, { state: 'paid' });
    const refund = await this.returnGoods(tx, { ...open, refund: failed }, now);
    await this.record(tx, 'refund.failed', refund, open.charge);
  }

  /**
   * Telegram says that a charge went back: as the echo of our own call, or because somebody refunded it elsewhere. Idempotent, and
   * safe beside our own call and other reports.
   */
  async recordFromTelegram(tx: TenantTx, botId: string, telegramChargeId: string, now: Date): Promise<RefundReported> {
    const known = await tx.manager.findOneBy(ChargeRow, { tenantId: tx.tenantId, botId, telegramChargeId });
    const charge = known === null ? undefined : await this.lockCharge(tx, known.id);
    if (charge === undefined) return 'no_such_charge';
    if (charge.state === 'refunded') return 'already_recorded';
    const live = await this.liveRefund(tx, charge.id);
    const wish = { reason: 'Refunded outside of Starwall.', by: 'telegram' };
    const refund = live ?? (await this.insert(tx, charge, wish, now));
    await this.conclude(tx, { refund, charge }, now);
    return 'recorded';
  }

  /** What to tell the buyer about a refund; undefined when there is no such refund, or the buyer was erased. */
  async notice(tx: TenantTx, refundId: string): Promise<RefundNotice | undefined> {
    const rows = await tx.query<RefundNotice>(
      `select c.bot_id as "botId", c.buyer_id as "buyerId", y.language_code as "languageCode", c.stars, p.id as "productId", p.title
       from refunds r
       join charges c on c.tenant_id = r.tenant_id and c.id = r.charge_id
       left join buyers y on y.tenant_id = c.tenant_id and y.bot_id = c.bot_id and y.telegram_id = c.buyer_id
       left join orders o on o.tenant_id = c.tenant_id and o.id = c.order_id
       left join products p on p.tenant_id = o.tenant_id and p.id = o.product_id
       where r.tenant_id = $1 and r.id = $2 and r.state = 'refunded' and c.buyer_id > 0`,
      [tx.tenantId, refundId],
    );
    return rows[0];
  }

  private async conclude(tx: TenantTx, open: OpenRefund, now: Date): Promise<void> {
    const { charge } = open;
    const moved = await this.move(tx, open.refund, 'refunded', null, now);
    await tx.manager.update(ChargeRow, { tenantId: tx.tenantId, id: charge.id }, { state: 'refunded' });
    const refund = await this.takeGoods(tx, { refund: moved, charge }, now);
    const against = charge.match === 'order' ? 'earned' : 'held';
    const entries = returned(charge.stars, against);
    await this.ledger.post(tx, { botId: charge.botId, cause: 'refund', causeId: refund.id, entries });
    await this.record(tx, 'refund.succeeded', refund, charge);
    if (charge.match === 'order' && charge.orderId !== null) await this.refundOrder(tx, charge.orderId, now);
  }

  private async refundOrder(tx: TenantTx, orderId: string, now: Date): Promise<void> {
    const order = await tx.manager.findOneByOrFail(OrderRow, { tenantId: tx.tenantId, id: orderId });
    const refunded = await this.orders.update(
      tx,
      order,
      { state: 'refunded', refundedAt: now, delivery: 'revoked', promoTaken: false },
      now,
    );
    await this.promos.free(tx, order);
    const data = orderView(refunded);
    const previous = previousOf(orderView(order), data);
    await this.events.record(tx, { type: 'order.refunded', botId: order.botId, orderId, data, previous });
  }

  /** Locks in the house's order: order, charge, refund. */
  private async lockOpen(tx: TenantTx, refundId: string): Promise<OpenRefund | undefined> {
    const key = { tenantId: tx.tenantId, id: refundId };
    const known = await tx.manager.findOneBy(RefundRow, key);
    const charge = known === null ? undefined : await this.lockCharge(tx, known.chargeId);
    if (charge === undefined) return undefined;
    return { charge, refund: await tx.manager.findOneOrFail(RefundRow, { where: key, lock: LOCK }) };
  }

  /** Locks a charge, and before it the order that its payload names. */
  private async lockCharge(tx: TenantTx, chargeId: string): Promise<ChargeRow | undefined> {
    await tx.query(
      `select 1 from orders o join charges c on c.tenant_id = o.tenant_id and c.order_id = o.id
       where c.tenant_id = $1 and c.id = $2 for update of o`,
      [tx.tenantId, chargeId],
    );
    const charge = await tx.manager.findOne(ChargeRow, { where: { tenantId: tx.tenantId, id: chargeId }, lock: LOCK });
    return charge ?? undefined;
  }

  /** Telegram gives Stars back to a person (Bot API, refundStarPayment), and of an erased one it is known for a while who it was. */
  private async requirePerson(tx: TenantTx, pseudonym: number): Promise<void> {
    const known = await tx.query(
      'select 1 from erasures where tenant_id = $1 and pseudonym = $2 and telegram_id_sealed is not null',
      [tx.tenantId, pseudonym],
    );
    if (known.length === 0) throw new BuyerErased();
  }

  /** A refund whose tries have run out is tried again because somebody asks. */
  private async wake(tx: TenantTx, refund: RefundRow): Promise<void> {
    const parked = await tx.query(
      `select from jobs where tenant_id = $1 and kind = 'refund.execute' and subject = $2 and state = 'parked'`,
      [tx.tenantId, refund.id],
    );
    if (parked.length > 0) await this.jobs.enqueue(tx, [{ kind: 'refund.execute', subject: refund.id }]);
  }

  private async liveRefund(tx: TenantTx, chargeId: string): Promise<RefundRow | undefined> {
    const refunds = await tx.manager.findBy(RefundRow, { tenantId: tx.tenantId, chargeId });
    return refunds.find((refund) => refund.state !== 'failed');
  }

  private async insert(tx: TenantTx, charge: ChargeRow, wish: RefundWish, now: Date): Promise<RefundRow> {
    const refund: RefundRow = {
      tenantId: tx.tenantId,
      id: newUuid(now.getTime()),
      chargeId: charge.id,
      orderId: charge.orderId,
      state: 'requested',
      reason: wish.reason,
      requestedBy: wish.by,
      failure: null,
      credits: null,
      metadata: { ...wish.metadata },
      createdAt: now,
      updatedAt: now,
    };
    await tx.manager.insert(RefundRow, refund);
    return refund;
  }

  private async move(
    tx: TenantTx,
    refund: RefundRow,
    to: RefundState,
    failure: string | null,
    now: Date,
  ): Promise<RefundRow> {
    assertRefundMove(refund.state, to);
    const changes = { state: to, failure, updatedAt: now };
    await tx.manager.update(RefundRow, { tenantId: tx.tenantId, id: refund.id }, changes);
    return { ...refund, ...changes };
  }

  /** Access ends, and of bought credits what is left is taken back. Idempotent. @returns the refund with what it took */
  private async takeGoods(tx: TenantTx, { refund, charge }: OpenRefund, now: Date): Promise<RefundRow> {
    await this.setEntitlement(tx, charge, 'revoked', now);
    if (charge.match === 'order' && charge.orderId !== null) await this.licences.burn(tx, charge.orderId, now);
    const credits = await this.packs.takeBack(tx, packOf(refund, charge), now);
    return credits === undefined ? refund : this.keepCredits(tx, refund, credits);
  }

  private async returnGoods(tx: TenantTx, { refund, charge }: OpenRefund, now: Date): Promise<RefundRow> {
    await this.setEntitlement(tx, charge, 'active', now);
    if (charge.match === 'order' && charge.orderId !== null) await this.licences.restore(tx, charge.orderId);
    await this.packs.giveBack(tx, packOf(refund, charge), now);
    return refund.credits === null ? refund : this.keepCredits(tx, refund, null);
  }

  private async keepCredits(tx: TenantTx, refund: RefundRow, credits: RefundRow['credits']): Promise<RefundRow> {
    await tx.manager.update(RefundRow, { tenantId: tx.tenantId, id: refund.id }, { credits });
    return { ...refund, credits };
  }

  private async setEntitlement(
    tx: TenantTx,
    { id: chargeId }: ChargeRow,
    state: 'active' | 'revoked',
    now: Date,
  ): Promise<void> {
    const [changed] = await tx.query<Entitled>(
      `update entitlements e set state = $3, revoked_at = $4 from orders o, products p
       where e.tenant_id = $1 and e.charge_id = $2 and e.state <> $3 and o.tenant_id = e.tenant_id and o.id = e.order_id
         and p.tenant_id = e.tenant_id and p.id = e.product_id
       returning o.subscription_id as "subscriptionId", p.chat_id as "chatId", e.bot_id as "botId", e.buyer_id as "buyerId",
         e.product_id as "productId"`,
      [tx.tenantId, chargeId, state, state === 'revoked' ? now : null],
    );
    if (changed === undefined) return;
    const { subscriptionId, chatId } = changed;
    if (subscriptionId !== null) await this.subscriptions.afterRefund(tx, subscriptionId, state === 'revoked', now);
    if (chatId !== null) await this.accesses.settle(tx, chatId, changed, now);
  }

  private async record(
    tx: TenantTx,
    type: 'refund.requested' | 'refund.succeeded' | 'refund.failed',
    refund: RefundRow,
    charge: ChargeRow,
  ): Promise<void> {
    const order = refund.orderId === null ? {} : { orderId: refund.orderId };
    await this.events.record(tx, { type, botId: charge.botId, ...order, data: refundView(refund) });
  }
}

interface Entitled {
  readonly subscriptionId: string | null;
  readonly chatId: string | null;
  readonly botId: string;
  readonly buyerId: number;
  readonly productId: string;
}

const packOf = (refund: RefundRow, charge: ChargeRow) => ({
  refundId: refund.id,
  chargeId: charge.id,
  botId: charge.botId,
  orderId: charge.orderId,
});
