import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import type { TenantTx } from '#libs/database';
import { BuyerRow, ChargeRow, OrderRow } from '#libs/sales';
import { planSearch } from './search.js';

export type Found =
  | { readonly kind: 'order'; readonly order: OrderRow }
  | { readonly kind: 'charge'; readonly charge: ChargeRow }
  | { readonly kind: 'buyer'; readonly buyer: BuyerRow };

/** Limit per kind. A person is one buyer per bot, so only creators with many bots approach it. */
const AT_MOST = 50;

/** Finds the objects that buyers and creators mention when something went wrong. */
@Injectable()
export class SearchService {
  /**
   * @param text a buyer's Telegram id or username, an order id, one of our charge ids or of Telegram's, or the
   * payload of a charge without an order; matched exactly
   */
  async find(tx: TenantTx, text: string): Promise<Found[]> {
    const { tenantId } = tx;
    const { orderId, chargeId, telegramId, username, telegramChargeId, payload } = planSearch(text);
    const found: Found[] = [];
    if (orderId !== undefined) {
      const order = await tx.manager.findOneBy(OrderRow, { tenantId, id: orderId });
      if (order !== null) found.push({ kind: 'order', order });
    }
    if (chargeId !== undefined) {
      const charge = await tx.manager.findOneBy(ChargeRow, { tenantId, id: chargeId });
      if (charge !== null) found.push({ kind: 'charge', charge });
    }
    if (telegramChargeId !== undefined) {
      const charges = await tx.manager.find(ChargeRow, { where: { tenantId, telegramChargeId }, take: AT_MOST });
      found.push(...charges.map((charge) => ({ kind: 'charge', charge }) as const));
    }
    if (payload !== undefined) {
      const where = { tenantId, payload, orderId: IsNull() };
      const charges = await tx.manager.find(ChargeRow, { where, order: { id: 'DESC' }, take: AT_MOST });
      found.push(...charges.map((charge) => ({ kind: 'charge', charge }) as const));
    }
    if (telegramId !== undefined) {
      const buyers = await tx.manager.find(BuyerRow, { where: { tenantId, telegramId }, take: AT_MOST });
      found.push(...buyers.map((buyer) => ({ kind: 'buyer', buyer }) as const));
    }
    if (username !== undefined) found.push(...(await byUsername(tx, username)));
    return found;
  }
}

async function byUsername(tx: TenantTx, username: string): Promise<Found[]> {
  const where = { tenantId: tx.tenantId, usernameKey: username };
  const buyers = await tx.manager.find(BuyerRow, { where, take: AT_MOST });
  return buyers.map((buyer) => ({ kind: 'buyer', buyer }));
}
