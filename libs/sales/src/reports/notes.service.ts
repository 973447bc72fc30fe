import { Injectable } from '@nestjs/common';
import type { EntityTarget, FindOptionsWhere, ObjectLiteral } from 'typeorm';
import type { TenantTx } from '#libs/database';
import { EventStore, type EventType, previousOf } from '#libs/journal';
import { NotFound } from '#libs/kernel';
import { BuyerRow } from '../buyers/buyer.entity.js';
import { ChargeRow } from '../charges/charge.entity.js';
import { RefundRow } from '../refunds/refund.entity.js';
import { SubscriptionRow } from '../subscriptions/subscription.entity.js';
import { subscriptionView } from '../subscriptions/subscription-view.js';
import { buyerView } from '../buyers/buyer-view.js';
import { chargeView } from '../charges/charge-view.js';
import { refundView } from '../refunds/refund-view.js';

export type Notes = Readonly<Record<string, string>>;

interface Noted extends ObjectLiteral {
  readonly tenantId: string;
  readonly metadata: Notes;
}

/**
 * Creators' metadata of charges, refunds, subscriptions and buyers. It is replaced as a whole, and a change is an
 * event.
 */
@Injectable()
export class NotesService {
  constructor(private readonly events: EventStore) {}

  /** @throws NotFound */
  async onCharge(tx: TenantTx, id: string, metadata: Notes): Promise<ChargeRow> {
    const { before, after } = await note(tx, ChargeRow, { id }, metadata, 'charge');
    await this.record(tx, 'charge.updated', after.botId, chargeView(before), chargeView(after));
    return after;
  }

  /** @throws NotFound */
  async onRefund(tx: TenantTx, id: string, metadata: Notes): Promise<RefundRow> {
    const { before, after } = await note(tx, RefundRow, { id }, metadata, 'refund');
    const { botId } = await tx.manager.findOneByOrFail(ChargeRow, { tenantId: tx.tenantId, id: after.chargeId });
    await this.record(tx, 'refund.updated', botId, refundView(before), refundView(after));
    return after;
  }

  /** Changes the metadata of a buyer of one bot; the same person is a separate buyer in another. @throws NotFound */
  async onBuyer(tx: TenantTx, botId: string, telegramId: number, metadata: Notes): Promise<BuyerRow> {
    const { before, after } = await note(tx, BuyerRow, { botId, telegramId }, metadata, 'buyer');
    await this.record(tx, 'buyer.updated', botId, buyerView(before), buyerView(after));
    return after;
  }

  /** @throws NotFound */
  async onSubscription(tx: TenantTx, id: string, metadata: Notes): Promise<SubscriptionRow> {
    const { before, after } = await note(tx, SubscriptionRow, { id }, metadata, 'subscription');
    const [was, is] = [subscriptionView(before), subscriptionView(after)];
    await this.record(tx, 'subscription.updated', after.botId, was, is);
    return after;
  }

  private async record(tx: TenantTx, type: EventType, botId: string, before: object, data: object): Promise<void> {
    const previous = previousOf({ ...before }, { ...data });
    if (Object.keys(previous).length > 0) await this.events.record(tx, { type, botId, data: { ...data }, previous });
  }
}

/** NO KEY UPDATE: rows that refer to it can still be inserted. */
async function note<Row extends Noted>(
  tx: TenantTx,
  entity: EntityTarget<Row>,
  key: object,
  metadata: Notes,
  what: string,
): Promise<{ readonly before: Row; readonly after: Row }> {
  const where = { ...key, tenantId: tx.tenantId } as unknown as FindOptionsWhere<Row>;
  const before = await tx.manager.findOne(entity, { where, lock: { mode: 'for_no_key_update' } });
  if (before === null) throw new NotFound(what);
  await tx.manager.update(entity, where, { metadata: { ...metadata } } as object);
  return { before, after: { ...before, metadata: { ...metadata } } };
}
